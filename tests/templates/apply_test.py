"""templates/generator/apply.py: what is written into a task."""

import unittest

import tree
from generator.apply import apply


class Apply(unittest.TestCase):
    def setUp(self):
        self.template = tree.read("lambda-connector-invoke")

    def test_empty_fields_write_nothing(self):
        made = apply(self.template, {"functionName": "echo"})
        self.assertEqual({"type": "lambdaConnector.INVOKE", "retries": "3"}, made.definition)
        self.assertEqual([("echo", "lambda.functionName")], made.inputs)
        self.assertEqual([("inputs", "lambda"), ("onFunctionError", "fail"), ("logType", "None")], made.headers)

    def test_a_choice_brings_the_fields_that_wait_for_it(self):
        made = apply(self.template, {"functionName": "echo", "authenticationType": "profile", "profileName": "billing"})
        self.assertIn(("authentication.name", "billing"), made.headers)

    def test_a_field_that_is_not_shown_is_no_place_for_a_value(self):
        with self.assertRaisesRegex(ValueError, "profileName is not shown"):
            apply(self.template, {"functionName": "echo", "profileName": "billing"})
        with self.assertRaisesRegex(ValueError, "regionText is not shown"):
            apply(self.template, {"functionName": "echo", "region": "us-east-1", "regionText": "mars"})

    def test_a_field_of_an_older_version_shows_by_its_own_value(self):
        self.assertIn(("jobTimeout", "PT9M"), apply(self.template, {"functionName": "f", "jobTimeoutOfVersion1": "PT9M"}).headers)
        old = {"functionName": "f", "authenticationTypeOfVersion1": "profile", "profileNameOfVersion1": "billing"}
        self.assertIn(("billing", "lambda.authentication.name"), apply(self.template, old).inputs)
        with self.assertRaisesRegex(ValueError, "authenticationTypeOfVersion1 is not shown"):
            apply(self.template, {**old, "authenticationType": "default"})

    def test_a_field_that_does_not_exist_is_named(self):
        with self.assertRaisesRegex(ValueError, "has no field functionNam"):
            apply(self.template, {"functionNam": "echo"})


if __name__ == "__main__":
    tree.run()
