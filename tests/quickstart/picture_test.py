"""The picture of the dashboard: how it is drawn, and that the one beside the dashboard shows all of it."""
import json
import pathlib
import unittest
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import picture

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOARD = ROOT / "docker/dashboards/lambda-connector.json"
PICTURE = ROOT / "docker/dashboards/lambda-connector.svg"


def board_of(*panels):
    return {"title": "A board", "panels": list(panels)}


def panel(kind="timeseries", unit="ops", expression="rate(a{type=~\"$type\"}[$__rate_interval])"):
    return {"title": "Jobs & calls", "type": kind, "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
            "targets": [{"expr": expression, "legendFormat": "{{end}} of {{nothing}}"}], "fieldConfig": {"defaults": {"unit": unit}}}


def paths_of(svg):
    return [one.get("d") for one in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}path") if one.get("stroke")]


class Values(unittest.TestCase):
    def test_have_their_unit(self):
        for value, unit, text in ((0.25, "percentunit", "25 %"), (2.5, "ops", "2.5 /s"), (3 << 20, "bytes", "3 MiB"), (12, "bytes", "12 B"),
                                  (0.05, "s", "50 ms"), (2, "s", "2 s"), (600, "s", "10 min"), (7200, "s", "2 h"), (0, "s", "0 s"),
                                  (32, "short", "32"), (float("nan"), "short", "none")):
            self.assertEqual(text, picture.text_of(value, unit))

    def test_end_below_a_round_number(self):
        for most, top in ((0, 1), (1, 1), (1.1, 2), (3, 5), (7, 10), (0.03, 0.05), (120, 200)):
            self.assertAlmostEqual(top, picture.top_of(most))


class Pictures(unittest.TestCase):
    def test_ask_with_the_values_of_the_dashboards_own_names(self):
        asked = []
        picture.draw(board_of(panel()), lambda expression: asked.append(expression) or [])
        self.assertEqual(['rate(a{type=~".*"}[1m])'], asked)

    def test_have_a_line_for_each_series_and_a_gap_where_nothing_was(self):
        series = [({"end": "a<b"}, [(0, 1), (5, 2), (10, 1), (60, 1), (65, 2)]), ({"end": "failed"}, [(0, 0), (65, 4)]),
                  ({"end": "none"}, [(0, float("nan"))])]
        svg = picture.draw(board_of(panel()), lambda _: series)
        lines = paths_of(svg)
        self.assertEqual(2, len(lines))
        self.assertEqual((2, 3), (lines[0].count("M"), lines[0].count("L")))
        for text in ("Jobs &amp; calls", "a&lt;b of ", "failed of ", "5 /s"):
            self.assertIn(text, svg)

    def test_say_where_there_was_nothing(self):
        self.assertIn("nothing in this time", picture.draw(board_of(panel()), lambda _: []))
        self.assertIn(">none<", picture.draw(board_of(panel("stat")), lambda _: []))

    def test_of_one_figure_have_the_last_value(self):
        self.assertIn(">7 /s<", picture.draw(board_of(panel("stat")), lambda _: [({}, [(0, 3), (5, 7)])]))

    def test_beside_the_dashboard_shows_each_panel_with_its_figures(self):
        svg = PICTURE.read_text()
        titles = [escape(one["title"]) for one in json.loads(BOARD.read_text())["panels"]]
        self.assertEqual([], [title for title in titles if f">{title}</text>" not in svg],
                         "draw it again: ./dev quickstart --picture docker/dashboards/lambda-connector.svg")
        self.assertGreater(len(paths_of(svg)), len(titles))


if __name__ == "__main__":
    unittest.main()
