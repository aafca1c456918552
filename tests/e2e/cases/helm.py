"""The chart of docker/helm beside Helm itself: lint, what it renders, and that the values' schema refuses mistakes."""

import shutil
import subprocess

import artifacts
import children
import client_programs
import manifests
import packages
from harness import check, same

SCALE = 0
WORKER = None
BUDGET = 300
FULL = True

_CHART = artifacts.ROOT / "docker/helm/lambda-connector"
_VERSION = "v3.22.0"


def prepare():
    manifests.checkers()
    _helm()


def _helm():
    def build(folder):
        environment = children.environment(GOBIN=folder, GOPATH=artifacts.CACHE / "go", GOCACHE=artifacts.CACHE / "go-build",
                                           GOTOOLCHAIN="local", CGO_ENABLED="0", **client_programs.network())
        artifacts.run([client_programs.go_compiler(), "install", f"helm.sh/helm/v3/cmd/helm@{_VERSION}"], 900, "building Helm", environment)

    return packages.once("helm", _VERSION.encode(), build) / "helm"


def _run(command, *words):
    # Built without its release flags, Helm takes itself for one that knows Kubernetes 1.20.
    version = ["--kube-version", "1.30"] if command == "template" else []
    done = subprocess.run([_helm(), command, *version, *map(str, words)], capture_output=True, text=True, timeout=60, check=False,
                          env=children.environment(HOME=artifacts.BUILD))
    return done.returncode, done.stdout, done.stderr


def _render(*words):
    code, out, told = _run("template", "lambda-connector", _CHART, *words)
    check(code == 0, f"helm template {' '.join(words)}: {told}")
    return out


def _one(text, kind):
    found = [each for each in manifests.documents(text) if each["kind"] == kind]
    check(len(found) == 1, f"{len(found)} objects of kind {kind}")
    return found[0]


_ALL = ("--set", "metrics.serviceMonitor.enabled=true,autoscaling.keda.enabled=true,taskSecrets=tasks,environmentSecrets={keys},"
        "imagePullSecrets[0].name=pull", "--set-string", "configFile=jobs:\n  maxActive: 8")


def case_helm_lint_finds_nothing(e2e):
    del e2e
    code, out, told = _run("lint", "--strict", _CHART)
    check(code == 0, f"helm lint: {out}{told}")


def case_what_is_rendered_is_what_kubernetes_takes(e2e):
    del e2e
    for words in ((), _ALL):
        found = manifests.problems(_render(*words))
        check(not found, f"helm template {words}: {found}")


def case_a_broken_chart_is_refused(e2e):
    del e2e
    copy = artifacts.BUILD / "broken-chart"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(_CHART, copy)
    page = copy / "templates/deployment.yaml"
    page.write_text(page.read_text().replace("readOnlyRootFilesystem", "readonlyRootFilesystem"))
    code, out, told = _run("template", "x", copy)
    check(code == 0, told)
    check(manifests.problems(out), "a misspelt field was taken")
    page.write_text(page.read_text().replace("{{- end }}", "", 1))
    code, out, told = _run("lint", copy)
    check(code != 0, f"a template that does not parse passes lint: {out}")


def case_mistakes_in_values_are_refused(e2e):
    del e2e
    for mistake in ("replica=3", "drainSeconds=3600", "settings.AWS_SECRET_ACCESS_KEY=abc", "metrics.serviceMonitor.interval=soon",
                    "settings.LAMBDA_CONNECTOR_DRAIN_TIME=3m", "image.repository="):
        code, out, told = _run("template", "x", _CHART, "--set", mistake)
        check(code != 0 and "schema" in told, f"--set {mistake} is taken: {out[:200]}{told}")


def case_the_chart_makes_the_same_workers_as_the_plain_manifests(e2e):
    del e2e
    plain = (artifacts.ROOT / "docker/kubernetes/lambda-connector.yaml").read_text()
    made = _render("--set", "taskSecrets=lambda-connector-secrets")
    pods = []
    for text in (plain, made):
        pod = _one(text, "Deployment")["spec"]["template"]["spec"]
        # The keys of its labels and the pull policy are the chart's own.
        pod.pop("topologySpreadConstraints")
        pod["containers"][0].pop("imagePullPolicy", None)
        pods.append(pod)
    same(pods[1], pods[0], "pod of the chart, and of the plain manifest")
    same(sorted(one["kind"] for one in manifests.documents(made)),
         sorted(one["kind"] for one in manifests.documents(plain) if one["kind"] != "Secret"), "kinds of objects")
    settings = [_one(text, "ConfigMap")["data"] for text in (made, plain)]
    same(settings[0], settings[1], "settings of the chart, and of the plain manifest")


def case_the_grace_time_follows_the_drain_time(e2e):
    del e2e
    made = _render("--set", "drainSeconds=1860")
    same(_one(made, "Deployment")["spec"]["template"]["spec"]["terminationGracePeriodSeconds"], 1870, "grace time")
    same(_one(made, "ConfigMap")["data"]["LAMBDA_CONNECTOR_DRAIN_TIME"], "1860s", "drain time")
