"""The in-memory engine of Camunda's test library, started by a small Java program of ours (light/LightEngine.java).

It has the engine's real rules but not its gateway: a poll never waits, and a stream is accepted and never fed. What runs here shows
that the worker does its work with polls alone and with a newer engine.
"""

import re

import artifacts
import children
import engine

VERSION = "8.8.21"
_START_TIME = 60
_SOURCE = artifacts.ROOT / "tests" / "e2e" / "light" / "LightEngine.java"
_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>e2e</groupId><artifactId>light</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>io.camunda</groupId><artifactId>zeebe-process-test-engine</artifactId><version>{VERSION}</version>
  </dependency></dependencies>
</project>
"""


class NotPossible(Exception):
    """This machine cannot run it; the text is the reason that is printed."""


def start(logs):
    home = artifacts.compiler_home()
    if home is None:
        raise NotPossible(f"no Java compiler of version {artifacts.OLDEST_JAVA} or newer for the launcher; set JAVA_HOME to a JDK")
    jars = artifacts.libraries(f"light-{VERSION}", _POM) / "*"
    classes = artifacts.BUILD / "light"
    artifacts.run([home / "bin" / "javac", "-nowarn", "-d", classes, "-cp", jars, _SOURCE], within=120,
                  what="compiling the launcher of the in-memory engine")
    port = engine.free_ports(1)[0]
    child = children.Child(f"engine {VERSION}", [home / "bin" / "java", "-Xmx384m", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8",
                                                 "-Dstdout.encoding=UTF-8", "-cp", f"{classes}:{jars}", "LightEngine", port],
                           children.environment(), logs / f"engine-{VERSION}.log")
    started = engine.Engine(f"engine {VERSION}", child, port)
    try:
        children.until(lambda: re.search(r"^ready", child.tail(), re.MULTILINE), _START_TIME, f"engine {VERSION} to be ready")
        started.wait_for_leader(_START_TIME)
    except children.TimedOut:
        started.stop()
        raise
    return started
