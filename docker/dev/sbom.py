#!/usr/bin/env python3
"""The software bill of materials of the image (SPDX 2.3, JSON): what is in it, and of what the program was linked.

    sbom.py make BUILD FOLDER VERSION     prints the document
    sbom.py check FILE [FOLDER]           prints what is wrong with one; ends with 1 then

FOLDER holds the image's files. BUILD is the build folder of the program: its linker map names the archives that gave code to it,
and ninja knows the headers that it was compiled from. dpkg says of which package each of these is; versions and licences are the
installed packages'. The same files and packages give the same document, byte for byte: its time is SOURCE_DATE_EPOCH.
"""

import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

PROGRAM = "usr/bin/lambda-connector"
MAP = "lambda-connector.map"
DOCUMENT = "SPDXRef-DOCUMENT"
IMAGE, WORKER = "SPDXRef-image", "SPDXRef-lambda-connector"
# Of packages of data only the package is named, not each file.
DATA = ("usr/share/zoneinfo/",)
# Written by the build of the image: the account of its one user, and how names are looked up.
OWN = {"etc/passwd", "etc/group", "etc/nsswitch.conf", "usr/share/doc/lambda-connector/sbom.spdx.json"}
# Made of a package's files when that is installed.
MADE_BY = {"etc/ssl/certs/ca-certificates.crt": "ca-certificates"}

# Debian's short names of licences where SPDX has another.
LICENCES = {
    "Expat": "MIT", "BSD-3-clause": "BSD-3-Clause", "BSD-2-clause": "BSD-2-Clause", "Boost-1.0": "BSL-1.0", "BSL-1.0": "BSL-1.0",
    "Apache-2": "Apache-2.0", "Apache-2.0": "Apache-2.0", "MIT": "MIT", "Zlib": "Zlib", "zlib": "Zlib", "0BSD": "0BSD", "X11": "X11",
    "BSD-2-Clause": "BSD-2-Clause", "BSD-3-Clause": "BSD-3-Clause", "CC0-1.0": "CC0-1.0", "MPL-2.0": "MPL-2.0", "ISC": "ISC",
    "GPL-1+": "GPL-1.0-or-later", "GPL-2": "GPL-2.0-only", "GPL-2+": "GPL-2.0-or-later", "GPL-3": "GPL-3.0-only",
    "GPL-3+": "GPL-3.0-or-later", "LGPL-2.1": "LGPL-2.1-only", "LGPL-2.1+": "LGPL-2.1-or-later", "LGPL-3+": "LGPL-3.0-or-later",
}


def output_of(*words, folder=None):
    return subprocess.run([str(word) for word in words], cwd=folder, check=True, capture_output=True, text=True).stdout


def identifier(text):
    return re.sub(r"[^A-Za-z0-9.-]", "-", text)


# --- what is in it

def archives_in(text):
    """Paths of archives that a linker map names as the origin of code."""
    return set(re.findall(r"(?<=\s)(/\S+?\.a)\(", text))


def headers_in(text):
    """Headers of the machine in what `ninja -t deps` prints, of the program's own objects."""
    found, ours = set(), False
    for line in text.splitlines():
        if line and not line.startswith(" "):
            ours = not line.startswith("tests/")
        elif ours and line.strip().startswith("/usr/"):
            found.add(os.path.normpath(line.strip()))
    return found


def packages_of(paths):
    """{path: package} of those that dpkg knows. A path may be known by its name before or behind the link /lib -> /usr/lib."""
    names = {}
    for path in paths:
        for name in {path, path.removeprefix("/usr") if path.startswith("/usr/lib") else "/usr" + path, os.path.realpath(path)}:
            names[name] = path
    found = {}
    listed = sorted(names)
    for begin in range(0, len(listed), 500):
        told = subprocess.run(["dpkg-query", "-S", *listed[begin:begin + 500]], check=False, capture_output=True, text=True).stdout
        for line in told.splitlines():
            package, _, path = line.partition(": ")
            if path in names and not package.startswith("diversion "):
                found[names[path]] = package.split(",")[0].split(":")[0]
    return found


def files_of(folder):
    """Every regular file of the image, as a path below its root."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


# --- what a package is

def versions_of(packages):
    """{package: (version, architecture, source, version of the source)}"""
    shape = "${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\n"
    told = output_of("dpkg-query", "-W", "-f", shape, *sorted(packages))
    return {fields[0]: tuple(fields[1:]) for fields in (line.split("\t") for line in told.splitlines())}


def copyright_of(package):
    path = pathlib.Path("/usr/share/doc") / package / "copyright"
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def short_names(text):
    """Of the licences of a copyright file in Debian's machine-readable form, without those of the packaging alone."""
    if not text.startswith("Format:"):
        return []
    found = []
    for stanza in re.split(r"\n\s*\n", text):
        files = re.search(r"^Files:((?:.*\n?)(?:[ \t].*\n?)*)", stanza, re.M)
        licence = re.search(r"^License:[ \t]*(.+)$", stanza, re.M)
        if not files or not licence:
            continue
        if all(name.startswith("debian/") for name in files[1].split()):
            continue
        if licence[1].strip() not in found:
            found.append(licence[1].strip())
    return found


class Licences:
    """Expressions of SPDX, and the texts of what SPDX has no name for."""

    def __init__(self):
        self.texts = {}

    def expression(self, package, text):
        names = short_names(text)
        if not names:
            return self._reference(package, package, text)
        parts = [self._choice(package, name) for name in names]
        return " AND ".join(f"({part})" if " " in part and len(parts) > 1 else part for part in dict.fromkeys(parts))

    def _choice(self, package, name):
        words = re.split(r"\s+(and|or)\s+", name.replace(",", ""))
        known = [word.upper() if word in ("and", "or") else self._one(package, word) for word in words]
        if "AND" in known and "OR" in known:
            return self._one(package, name)  # what binds stronger is not said
        return " ".join(known)

    def _one(self, package, name):
        return LICENCES.get(name) or self._reference(f"{package}-{name}", package, "")

    def _reference(self, name, package, text):
        reference = f"LicenseRef-Debian-{identifier(name)}"
        where = f"/usr/share/doc/{package}/copyright of the Debian package {package}"
        self.texts[reference] = f"See {where}." if not text else f"From {where}:\n{text[:2000]}"
        return reference


# --- the document

def package_entry(name, facts, licence):
    version, architecture, source, source_version = facts
    return {"SPDXID": f"SPDXRef-deb-{identifier(name)}", "name": name, "versionInfo": version, "supplier": "Organization: Debian",
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "licenseConcluded": "NOASSERTION", "licenseDeclared": licence,
            "copyrightText": "NOASSERTION", "sourceInfo": f"Debian source package {source} {source_version}",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                              "referenceLocator": f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}"}]}


def own_entry(identity, name, version):
    return {"SPDXID": identity, "name": name, "versionInfo": version, "supplier": "NOASSERTION", "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False, "licenseConcluded": "NOASSERTION", "licenseDeclared": "Apache-2.0", "copyrightText": "NOASSERTION"}


def file_entry(folder, name):
    content = (folder / name).read_bytes()
    return {"SPDXID": f"SPDXRef-file-{identifier(name)}", "fileName": f"./{name}", "licenseConcluded": "NOASSERTION",
            "licenseInfoInFiles": ["NOASSERTION"], "copyrightText": "NOASSERTION",
            "checksums": [{"algorithm": "SHA1", "checksumValue": hashlib.sha1(content).hexdigest()},
                          {"algorithm": "SHA256", "checksumValue": hashlib.sha256(content).hexdigest()}]}


def relation(one, kind, other, comment=""):
    found = {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
    return {**found, "comment": comment} if comment else found


class Unknown(Exception):
    """A file of the image that belongs to nothing."""


def owners(folder, files):
    """{file: package} of the files that are of packages."""
    by_path = packages_of([f"/{name}" for name in files if name != PROGRAM])
    found = {name: by_path.get(f"/{name}") or MADE_BY.get(name) for name in files}
    strangers = [name for name in files if not found[name] and name != PROGRAM and name not in OWN]
    if strangers:
        raise Unknown(f"of no package: {', '.join(strangers[:10])} in {folder}")
    return {name: package for name, package in found.items() if package}


def document(build, folder, version, epoch):
    files = files_of(folder)
    owner = owners(folder, files)
    archives = packages_of(archives_in((build / MAP).read_text(encoding="utf-8", errors="replace")))
    headers = packages_of(headers_in(output_of("ninja", "-C", build, "-t", "deps")))
    licences = Licences()
    facts = versions_of({*owner.values(), *archives.values(), *headers.values()})
    packages = [package_entry(name, facts[name], licences.expression(name, copyright_of(name))) for name in sorted(facts)]
    listed = [file_entry(folder, name) for name in files if not name.startswith(DATA)]
    relations = [relation(DOCUMENT, "DESCRIBES", IMAGE), relation(IMAGE, "CONTAINS", WORKER)]
    for one in listed:
        package = owner.get(one["fileName"].removeprefix("./"))
        holder = f"SPDXRef-deb-{identifier(package)}" if package else WORKER if one["fileName"] == f"./{PROGRAM}" else IMAGE
        # Not CONTAINS: then the document would have to list all files of the package, also those that are not in the image.
        relations.append(relation(one["SPDXID"], "GENERATED_FROM", holder))
    for name in sorted(set(owner.values())):
        relations.append(relation(IMAGE, "CONTAINS", f"SPDXRef-deb-{identifier(name)}"))
    for name in sorted({*archives.values(), *headers.values()}):
        linked = sorted(pathlib.Path(path).name for path, package in archives.items() if package == name)
        comment = "archives: " + ", ".join(linked) if linked else "compiled from its headers"
        relations.append(relation(WORKER, "STATIC_LINK", f"SPDXRef-deb-{identifier(name)}", comment))
    body = {"packages": [own_entry(IMAGE, "lambda-connector-image", version), own_entry(WORKER, "lambda-connector", version), *packages],
            "files": listed, "relationships": relations,
            "hasExtractedLicensingInfos": [{"licenseId": name, "name": name.removeprefix("LicenseRef-"), "extractedText": text}
                                           for name, text in sorted(licences.texts.items())]}
    told = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    created = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": DOCUMENT, "name": f"lambda-connector-{version}",
            "documentNamespace": f"urn:lambda-connector:sbom:{told}",
            "creationInfo": {"created": created, "creators": ["Tool: lambda-connector-sbom-1"]}, **body}


# --- what is wrong with one

NEEDED = {
    "": ("spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo", "packages", "files", "relationships"),
    "packages": ("SPDXID", "name", "versionInfo", "downloadLocation", "licenseDeclared", "licenseConcluded", "copyrightText"),
    "files": ("SPDXID", "fileName", "checksums"),
    "relationships": ("spdxElementId", "relationshipType", "relatedSpdxElement"),
}


def issues_of(told, folder=None):
    found = [f"the document lacks {name}" for name in NEEDED[""] if name not in told]
    if found:
        return found
    for part in ("packages", "files", "relationships"):
        found += [f"{part}[{index}] lacks {name}" for index, one in enumerate(told[part]) for name in NEEDED[part] if not one.get(name)]
    if found:
        return found
    known = [told["SPDXID"], *(one["SPDXID"] for one in told["packages"] + told["files"])]
    found += [f"{name} stands twice" for name in sorted({name for name in known if known.count(name) > 1})]
    found += [f"{name} is no identifier" for name in known if not re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", name)]
    for one in told["relationships"]:
        found += [f"a relationship names {name}, which there is not" for name in (one["spdxElementId"], one["relatedSpdxElement"])
                  if name not in known]
    references = {one["licenseId"] for one in told.get("hasExtractedLicensingInfos", [])}
    for one in told["packages"]:
        found += [f"{one['name']}: {name} has no text" for name in re.findall(r"LicenseRef-[A-Za-z0-9.-]+", one["licenseDeclared"])
                  if name not in references]
    if folder is not None:
        found += files_that_differ(told, folder)
    return found


def files_that_differ(told, folder):
    there = {name: file_entry(folder, name)["checksums"] for name in files_of(folder) if not name.startswith(DATA) and name not in OWN}
    listed = {one["fileName"].removeprefix("./"): one["checksums"] for one in told["files"]}
    found = [f"{name} is in the image and not in the document" for name in there if name not in listed]
    found += [f"{name} is in the document and not in the image" for name in listed if name not in there and name not in OWN]
    return found + [f"{name} has other bytes" for name in there if name in listed and there[name] != listed[name]]


def main():
    command, *words = sys.argv[1:]
    if command == "make":
        build, folder, version = pathlib.Path(words[0]), pathlib.Path(words[1]), words[2]
        try:
            made = document(build, folder, version, int(os.environ.get("SOURCE_DATE_EPOCH", "0")))
        except Unknown as problem:
            print(f"sbom: {problem}", file=sys.stderr)
            return 1
        print(json.dumps(made, indent=1))
        return 0
    if command == "check":
        told = json.loads(pathlib.Path(words[0]).read_text(encoding="utf-8"))
        issues = issues_of(told, pathlib.Path(words[1]) if len(words) > 1 else None)
        for issue in issues:
            print(f"sbom: {issue}")
        return 1 if issues else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
