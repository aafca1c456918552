"""The bill of materials of the image: made of files and packages of this machine, and what is wrong with others."""
import copy
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import parts

sbom = parts.load("sbom")

MAP = """     VMA              Size Align Out     In      Symbol
          0x2a0            0x0     1         /usr/lib/x86_64-linux-gnu/Scrt1.o:(.text)
          0x2b0           0x20     1         {archive}(ssl_lib.o):(.text)
          0x2d0           0x20     1         worker/cli/libworker_cli.a(help.cc.o):(.text)
"""
DEPS = """connector/http/CMakeFiles/a.dir/b.cc.o: #deps 2, deps mtime 1 (VALID)
    /src/connector/http/b.h
    /usr/include/rapidjson/../rapidjson/document.h

tests/sandbox/c.cc.o: #deps 1, deps mtime 1 (VALID)
    /usr/include/gtest/gtest.h

"""
DEP5 = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: A
License: Expat

Files: src/b.c
 src/c.c
Copyright: B
License: BSD-3-clause or Zlib

Files: debian/*
Copyright: C
License: GPL-2+

License: Expat
 text
"""


def known_to_dpkg(*candidates):
    """A file of this machine that is a package's."""
    for path in candidates:
        if pathlib.Path(path).is_file() and sbom.packages_of([path]):
            return path
    raise unittest.SkipTest(f"none of {', '.join(candidates)} is a package's file here")


class Reading(unittest.TestCase):
    def test_finds_the_archives_that_gave_code(self):
        self.assertEqual({"/usr/lib/a/libssl.a"}, sbom.archives_in(MAP.format(archive="/usr/lib/a/libssl.a")))

    def test_finds_the_headers_of_the_product_and_not_of_tests(self):
        self.assertEqual({"/usr/include/rapidjson/document.h"}, sbom.headers_in(DEPS))

    def test_finds_licences_without_those_of_the_packaging(self):
        self.assertEqual(["Expat", "BSD-3-clause or Zlib"], sbom.short_names(DEP5))

    def test_makes_an_expression_of_them(self):
        licences = sbom.Licences()
        self.assertEqual("MIT AND (BSD-3-Clause OR Zlib)", licences.expression("p", DEP5))
        self.assertEqual({}, licences.texts)

    def test_names_a_text_of_its_own_for_what_spdx_does_not_know(self):
        licences = sbom.Licences()
        self.assertEqual("LicenseRef-Debian-libc6", licences.expression("libc6", "This is the GNU C Library."))
        self.assertEqual("LicenseRef-Debian-q-Jam", licences.expression("q", DEP5.replace("Expat", "Jam").replace("BSD-3-clause or Zlib", "Jam")))
        self.assertIn("GNU C Library", licences.texts["LicenseRef-Debian-libc6"])
        self.assertIn("/usr/share/doc/q/copyright", licences.texts["LicenseRef-Debian-q-Jam"])


class Document(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("dpkg-query") or not shutil.which("ninja"):
            raise unittest.SkipTest("no dpkg or no ninja on this machine")
        library = known_to_dpkg(*map(str, sorted(pathlib.Path("/usr/lib").glob("*-linux-gnu/libyaml-0.so.2*"))))
        archive = known_to_dpkg(*map(str, sorted(pathlib.Path("/usr/lib").glob("*-linux-gnu/libssl.a"))))
        cls.holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.holder.cleanup)
        cls.build, cls.image = pathlib.Path(cls.holder.name) / "build", pathlib.Path(cls.holder.name) / "image"
        cls.build.mkdir()
        (cls.build / "build.ninja").write_text("")
        (cls.build / sbom.MAP).write_text(MAP.format(archive=archive))
        for name, content in ((sbom.PROGRAM, b"program"), ("etc/passwd", b"worker"), (library[1:], pathlib.Path(library).read_bytes())):
            (cls.image / name).parent.mkdir(parents=True, exist_ok=True)
            (cls.image / name).write_bytes(content)
        cls.library = library[1:]
        cls.made = sbom.document(cls.build, cls.image, "1.2.3", 1_700_000_000)

    def setUp(self):
        self.told = copy.deepcopy(self.made)

    def related(self, kind):
        return {(one["spdxElementId"], one["relatedSpdxElement"]) for one in self.told["relationships"] if one["relationshipType"] == kind}

    def test_has_the_packages_that_files_and_archives_are_of(self):
        versions = {one["name"]: one["versionInfo"] for one in self.told["packages"]}
        for name in ("libyaml-0-2", "libssl-dev"):
            installed = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True, check=True).stdout
            self.assertEqual(installed, versions[name])
        self.assertIn((sbom.WORKER, "SPDXRef-deb-libssl-dev"), self.related("STATIC_LINK"))
        self.assertIn((sbom.IMAGE, "SPDXRef-deb-libyaml-0-2"), self.related("CONTAINS"))
        self.assertIn((f"SPDXRef-file-{sbom.identifier(self.library)}", "SPDXRef-deb-libyaml-0-2"), self.related("GENERATED_FROM"))
        licences = {one["name"]: one["licenseDeclared"] for one in self.told["packages"]}
        self.assertIn("Apache-2.0", licences["libssl-dev"])

    def test_is_right_and_the_same_each_time(self):
        self.assertEqual([], sbom.issues_of(self.told, self.image))
        self.assertEqual(json.dumps(self.made), json.dumps(sbom.document(self.build, self.image, "1.2.3", 1_700_000_000)))
        self.assertEqual("2023-11-14T22:13:20Z", self.told["creationInfo"]["created"])

    def test_is_not_made_for_a_file_of_no_package(self):
        stranger = self.image / "usr/bin/stranger"
        stranger.write_text("?")
        self.addCleanup(stranger.unlink)
        with self.assertRaisesRegex(sbom.Unknown, "usr/bin/stranger"):
            sbom.document(self.build, self.image, "1.2.3", 0)

    def test_that_is_wrong_is_told(self):
        def broken(change):
            told = copy.deepcopy(self.made)
            change(told)
            return " ".join(sbom.issues_of(told, self.image))

        self.assertIn("lacks documentNamespace", broken(lambda told: told.pop("documentNamespace")))
        self.assertIn("packages[2] lacks versionInfo", broken(lambda told: told["packages"][2].pop("versionInfo")))
        self.assertIn("stands twice", broken(lambda told: told["packages"].append(told["packages"][2])))
        self.assertIn("which there is not", broken(lambda told: told["relationships"][0].update(relatedSpdxElement="SPDXRef-x")))
        self.assertIn("has no text", broken(lambda told: told["packages"][2].update(licenseDeclared="LicenseRef-x")))
        self.assertIn("is in the image and not in the document", broken(lambda told: told["files"].pop()))
        self.assertIn("has other bytes", broken(lambda told: told["files"][-1]["checksums"][0].update(checksumValue="0")))


if __name__ == "__main__":
    parts.run()
