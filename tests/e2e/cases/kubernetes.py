"""The manifests of docker/kubernetes and the Dockerfile beside the checkers of others: kubernetes-validate and hadolint."""

import subprocess

import artifacts
import children
import manifests
from harness import check, same

SCALE = 0
WORKER = None
BUDGET = 200

_FOLDER = artifacts.ROOT / "docker/kubernetes"


def prepare():
    manifests.checkers()


def _text(name="lambda-connector.yaml"):
    return (_FOLDER / name).read_text()


def case_manifests_are_what_kubernetes_takes(e2e):
    del e2e
    for path in sorted(_FOLDER.glob("*.yaml")):
        found = manifests.problems(path.read_text())
        check(not found, f"{path.name}: {found}")


def case_a_broken_manifest_is_refused(e2e):
    del e2e
    selector = "  selector:\n    matchLabels: {app.kubernetes.io/name: lambda-connector}\n  strategy"
    breaks = {
        "a deployment without selector": ("lambda-connector.yaml", selector, "  strategy"),
        "a misspelt field": ("lambda-connector.yaml", "readOnlyRootFilesystem", "readonlyRootFilesystem"),
        "a kind that nothing knows": ("lambda-connector.yaml", "kind: PodDisruptionBudget", "kind: PodDisruptionBudged"),
        "a monitor with another word": ("service-monitor.yaml", "interval: 15s", "intervall: 15s"),
        "a scaling threshold that is a number": ("scaled-object.yaml", 'threshold: "24"', "threshold: 24"),
    }
    for what, (name, old, new) in breaks.items():
        text = _text(name)
        check(old in text, f"{what}: {name} no longer has {old!r}")
        check(manifests.problems(text.replace(old, new, 1)), f"{what} was taken")


def case_the_pod_is_confined(e2e):
    del e2e
    pod = next(one for one in manifests.documents(_text()) if one["kind"] == "Deployment")["spec"]["template"]["spec"]
    worker = pod["containers"][0]
    same(worker["securityContext"], {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}},
         "security context of the container")
    check(pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault", "user and seccomp")
    same(pod["automountServiceAccountToken"], False, "token of Kubernetes in the pod")


def case_each_probe_asks_its_own_page(e2e):
    del e2e
    pod = next(one for one in manifests.documents(_text()) if one["kind"] == "Deployment")["spec"]["template"]["spec"]
    worker = pod["containers"][0]
    asked = {name: worker[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    same({name: one["path"] for name, one in asked.items()},
         {"startupProbe": "/startup", "livenessProbe": "/livez", "readinessProbe": "/readyz"}, "pages of the probes")
    same({one["port"] for one in asked.values()}, {"admin"}, "port of the probes")


def case_hadolint_finds_nothing_in_the_dockerfile(e2e):
    hadolint = manifests.checkers() / "bin/hadolint"
    dockerfile = artifacts.ROOT / "docker/Dockerfile"
    done = subprocess.run([hadolint, dockerfile], capture_output=True, text=True, timeout=60, check=False, env=children.environment())
    check(done.returncode == 0, f"hadolint:\n{done.stdout}{done.stderr}")
    bad = e2e.logs / "bad.dockerfile"
    bad.parent.mkdir(parents=True, exist_ok=True)
    bad.write_text(dockerfile.read_text().replace("SHELL [", "# SHELL ["))
    done = subprocess.run([hadolint, bad], capture_output=True, text=True, timeout=60, check=False, env=children.environment())
    check(done.returncode != 0 and "DL4006" in done.stdout, f"hadolint takes a pipe that hides a failure: {done.stdout}{done.stderr}")
