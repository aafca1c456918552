"""The alerts and the dashboard of docker/: promtool takes them, and every metric that they name exists."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ALERTS = ROOT / "docker/prometheus/alerts.yaml"
BUILD = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else ROOT / "build"
# What Prometheus itself adds, and what every Prometheus client has.
OTHERS = {"up", "ALERTS"}
SUFFIXES = ("_bucket", "_sum", "_count")
# Letters of PromQL that are no metrics: functions, operators, labels in `by (...)`.
LABELS = re.compile(r"\{[^}]*\}|\bby \([^)]*\)|\[[^\]]*\]|\"[^\"]*\"")


def promtool():
    own = BUILD.parent / "tools/promtool"
    return str(own) if own.exists() else shutil.which("promtool")


def run(*arguments, cwd=None):
    done = subprocess.run([promtool(), *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def known_metrics():
    """Names of the table in worker/admin/README.md, which a test compares with the page of metrics."""
    rows = re.findall(r"^\| `([a-z_]+)` \|", (ROOT / "worker/admin/README.md").read_text(), re.MULTILINE)
    assert len(rows) > 30, rows
    return {name if name.startswith("camunda_") else f"lambda_connector_{name}" for name in rows}


def metrics_in(expression):
    """Names in PromQL: words with an underscore that no parenthesis follows, and `up`."""
    words = re.findall(r"[a-zA-Z_][a-zA-Z0-9_]*(?!\w)(?!\s*\()", LABELS.sub(" ", expression))
    return {word for word in words if "_" in word or word in OTHERS}


def unknown_in(expression, known):
    found = set()
    for name in metrics_in(expression) - OTHERS:
        base = next((name.removesuffix(end) for end in SUFFIXES if name.endswith(end) and name.removesuffix(end) in known), name)
        if base not in known and not name.startswith("process_"):
            found.add(name)
    return found


def expressions_of_alerts(text):
    return re.findall(r"^\s+expr: (.+)$", text, re.MULTILINE)


class Names(unittest.TestCase):
    def test_are_found_in_an_expression(self):
        self.assertEqual({"a_b_total", "c_d"}, metrics_in('sum by (x_y) (rate(a_b_total{z_z="k_k"}[5m])) > 0.1 * max_over_time(c_d[1h])'))

    def test_that_do_not_exist_are_told(self):
        self.assertEqual({"lambda_connector_job_ends"}, unknown_in("rate(lambda_connector_job_ends[5m])", known_metrics()))


class Alerts(unittest.TestCase):
    def setUp(self):
        if promtool() is None:
            self.skipTest("no promtool: install Debian's package prometheus, or let ./dev test fetch it")

    def test_are_taken_by_promtool(self):
        self.assertEqual(0, run("check", "rules", ALERTS)[0], run("check", "rules", ALERTS)[1])

    def test_that_are_broken_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            bad = pathlib.Path(folder) / "bad.yaml"
            bad.write_text(ALERTS.read_text().replace("== 0", "=== 0", 1))
            self.assertNotEqual(0, run("check", "rules", bad)[0])

    def test_fire_for_what_they_are_about_and_are_quiet_else(self):
        code, told = run("test", "rules", "alerts_test.yaml", cwd=ALERTS.parent)
        self.assertEqual(0, code, told)

    def test_that_never_fire_are_found(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder)
            shutil.copy(ALERTS.parent / "alerts_test.yaml", copy)
            text = ALERTS.read_text()
            (copy / "alerts.yaml").write_text(text.replace("lambda_connector_ready == 0", "lambda_connector_ready == 7"))
            self.assertNotEqual(0, run("test", "rules", "alerts_test.yaml", cwd=copy)[0])


class Files(unittest.TestCase):
    def test_of_alerts_name_metrics_that_exist(self):
        known, expressions = known_metrics(), expressions_of_alerts(ALERTS.read_text())
        self.assertGreater(len(expressions), 8)
        self.assertEqual({}, {e: u for e in expressions if (u := unknown_in(e, known))})

    def test_of_alerts_test_every_alert(self):
        named = re.findall(r"- alert: (\w+)", ALERTS.read_text())
        tested = (ALERTS.parent / "alerts_test.yaml").read_text()
        self.assertEqual([], [name for name in named if f'"{name}"' not in tested or f"alertname: {name}}}" not in tested])

    def test_of_the_dashboard_name_metrics_that_exist(self):
        board = json.loads((ROOT / "docker/dashboards/lambda-connector.json").read_text())
        known = known_metrics()
        queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
        queries += [one["query"]["query"] for one in board["templating"]["list"] if one["type"] == "query"]
        self.assertGreater(len(queries), 20)
        self.assertEqual({}, {query: u for query in queries if (u := unknown_in(query, known))})

    def test_of_the_dashboard_lay_out_panels_that_do_not_overlap(self):
        board = json.loads((ROOT / "docker/dashboards/lambda-connector.json").read_text())
        taken = {}
        for panel in board["panels"]:
            self.assertTrue(panel["title"] and panel["description"], panel["id"])
            at = panel["gridPos"]
            self.assertLessEqual(at["x"] + at["w"], 24, panel["title"])
            for x in range(at["x"], at["x"] + at["w"]):
                for y in range(at["y"], at["y"] + at["h"]):
                    self.assertNotIn((x, y), taken, f"{panel['title']} lies on {taken.get((x, y))}")
                    taken[x, y] = panel["title"]
        ids = [panel["id"] for panel in board["panels"]]
        self.assertEqual(len(ids), len(set(ids)))

    def test_of_the_dashboard_have_queries_that_promtool_takes(self):
        if promtool() is None:
            self.skipTest("no promtool: install Debian's package prometheus, or let ./dev test fetch it")
        board = json.loads((ROOT / "docker/dashboards/lambda-connector.json").read_text())
        rules = []
        for panel in board["panels"]:
            for target in panel["targets"]:
                query = target["expr"].replace("$__rate_interval", "1m").replace("$__range", "1h")
                rules.append({"record": f"panel:{panel['id']}_{target['refId']}", "expr": query})
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "queries.yaml"
            # JSON is YAML.
            page.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
            self.assertEqual(0, run("check", "rules", page)[0], run("check", "rules", page)[1])


def main():
    done = unittest.main(exit=False).result
    if not done.wasSuccessful():
        return 1
    if done.skipped:
        print(f"skipped: {done.skipped[0][1]}")
        return 77
    return 0


if __name__ == "__main__":
    sys.exit(main())
