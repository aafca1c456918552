"""templates/with_functions.py: a template with a choice of functions."""

import unittest

import tree
import lint
from generator.apply import apply
from with_functions import with_functions

CHOICES = [{"name": "orders (python3.13)", "value": "orders"}, {"name": "bills (java21)", "value": "bills"}]


class WithFunctions(unittest.TestCase):
    def test_the_field_is_a_choice_of_the_functions(self):
        for path in tree.TEMPLATES.glob("*.json"):
            template = tree.read(path.stem)
            if not any(each.get("id") == "functionName" for each in template["properties"]):
                continue
            made = with_functions(template, CHOICES)
            self.assertEqual([], lint.findings(made), path.stem)
            self.assertNotEqual(template["id"], made["id"])
        self.assertIn(("bills", "lambda.functionName"), apply(with_functions(tree.read("lambda-connector-invoke"), CHOICES),
                                                              {"functionName": "bills"}).inputs)

    def test_a_template_without_a_function_is_refused(self):
        with self.assertRaisesRegex(ValueError, "no field for a function"):
            with_functions(tree.read("lambda-connector-list-functions"), CHOICES)

    def test_a_file_that_is_no_list_of_functions_is_refused(self):
        for wrong in ([], {}, None, [{"name": "x"}], ["x"]):
            with self.assertRaisesRegex(ValueError, "no list of functions"):
                with_functions(tree.read("lambda-connector-invoke"), wrong)


if __name__ == "__main__":
    tree.run()
