"""No file names an artifact that is under its vendor's own terms or takes an engine of that vendor along.

FORBIDDEN is the one list of them: an artifact of Maven, PyPI or npm by its name, a container image by its name and a colon. Prose may speak of the vendor and of its engine; it names no artifact. A name is written here in two parts,
so that the list does not find itself.
"""
import re

FORBIDDEN = {
    "camunda-" + "zeebe": "the engine's distribution",
    "zeebe-" + "broker": "the engine's distribution",
    "zeebe-workflow-" + "engine": "the engine",
    "zeebe-process-" + "test": "the in-memory engine, and what takes it along",
    "camunda-process-" + "test": "starts the engine's image",
    "spring-boot-starter-camunda-" + "test": "takes the in-memory engine along",
    "zeebe-test-" + "container": "starts the engine's image",
    "zeebe-" + "containers": "starts the engine's image",
    "camunda/" + "zeebe:": "the engine's image",
    "camunda/" + "camunda:": "the engine's image",
    "camunda-platform-" + "helm": "installs the engine's image",
}
PATTERNS = [(re.compile(r"(?<![\w-])" + re.escape(name)), why) for name, why in FORBIDDEN.items()]


def applies(path):
    return not path.endswith((".png", ".der", ".p12", ".gz")) and path != "tests/rules/forbidden_artifacts.py"


def check(path, text):
    return [(number, f"{match.group()!r} must not be fetched or run: {why}")
            for number, line in enumerate(text.split("\n"), 1)
            for pattern, why in PATTERNS for match in pattern.finditer(line)]


GOOD = [
    ("a.md", "an engine of Camunda 8 / Zeebe, io.camunda:camunda-client-java, zeebe-bpmn-moddle\n"),
    ("a.json", '"@camunda/zeebe-element-templates-json-schema": "0.46.0"\n'),
]
BAD = [
    ("pom.xml", "<x/>\n<artifactId>zeebe-process-" + "test-engine</artifactId>\n", 2),
    ("a.py", 'f"io.camunda:camunda-' + 'zeebe:{version}:tar.gz"\n', 1),
    ("a.yaml", "image: docker.io/camunda/" + "zeebe:8.6.0\n", 1),
    ("a.sh", "helm install camunda camunda/camunda-platform-" + "helm\n", 1),
    ("a.txt", "zeebe-" + "containers==1\n", 1),
]
