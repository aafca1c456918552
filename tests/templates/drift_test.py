"""Templates and worker: no input or header without a field, no field without one, the same words, regions and result variables."""

import copy
import json
import subprocess
import unittest

import tree
import drift
from generator import operations
from generator.kinds import INVOKE, KINDS
from generator.regions import REGIONS


def tables():
    made = subprocess.run([tree.argument(), "print-task-tables"], capture_output=True, check=True, timeout=60)
    return json.loads(made.stdout)


def field(template, name):
    return next(each for each in template["properties"] if each.get("id") == name)


def without(template, name):
    template["properties"] = [each for each in template["properties"] if each.get("id") != name]


MISTAKES = {
    "an input without a field": lambda t: without(t, "qualifier"),
    "a header without a field": lambda t: without(t, "onError"),
    "a field of the credentials without a field": lambda t: without(t, "externalId"),
    "a field without an input": lambda t: field(t, "qualifier")["binding"].update(name="lambda.qualifer"),
    "a field without a header": lambda t: field(t, "onError")["binding"].update(key="onEror"),
    "a field of a header that has a reason for none": lambda t: field(t, "onError")["binding"].update(key="profile"),
    "a choice that the worker refuses": lambda t: field(t, "onError")["choices"].append({"name": "Ignore", "value": "ignore"}),
    "a choice that is missing": lambda t: field(t, "onError")["choices"].pop(),
    "a type of credentials that is missing": lambda t: field(t, "authenticationType")["choices"].pop(),
    "a field of an older version for what the worker does not know":
        lambda t: field(t, "payloadFormatOfVersion1")["binding"].update(name="lambda.format"),
    "a field of an older version with a choice that the worker refuses":
        lambda t: field(t, "payloadFormatOfVersion1")["choices"].append({"name": "XML", "value": "xml"}),
    "a required input that may be empty": lambda t: field(t, "functionName").pop("constraints"),
}


class Drift(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tables = tables()

    def test_each_template_has_the_inputs_and_headers_of_its_operation(self):
        for kind in KINDS:
            self.assertEqual([], drift.differences(kind, tree.read(kind.file), self.tables), kind.file)

    def test_the_template_of_all_operations_has_those_of_each(self):
        made = tree.read(operations.FILE)
        for name, kind in operations.OPERATIONS.items():
            self.assertEqual([], drift.differences(kind, operations.shown_for(made, name), self.tables, True), name)

    def test_finds_each_difference(self):
        for name, make in MISTAKES.items():
            broken = copy.deepcopy(tree.read(INVOKE.file))
            make(broken)
            self.assertNotEqual([], drift.differences(INVOKE, broken, self.tables), name)

    def test_every_operation_has_a_template(self):
        served = {each["jobType"] for each in self.tables["operations"]}
        self.assertEqual(served, {kind.job_type for kind in KINDS})

    def test_the_field_offers_the_known_regions(self):
        self.assertEqual(self.tables["regions"], list(REGIONS))


if __name__ == "__main__":
    tree.run()
