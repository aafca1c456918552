"""templates/checks/lint.py: no template has a mistake, and each kind of mistake is found."""

import copy
import unittest

import tree
import lint


def field(template, name):
    return next(each for each in template["properties"] if each.get("id") == name)


def without(template, name):
    template["properties"] = [each for each in template["properties"] if each.get("id") != name]


# The first eight are those that the official schema lets pass.
MISTAKES = {
    "no $schema": lambda t: t.pop("$schema"),
    "another $schema": lambda t: t.update({"$schema": t["$schema"] + "/1"}),
    "an unknown key": lambda t: t.update(colour="red"),
    "engines that are no range": lambda t: t["engines"].update(camunda="abc"),
    "a group that is not declared": lambda t: field(t, "region").update(group="elsewhere"),
    "an id that stands twice": lambda t: field(t, "region").update(id="qualifier"),
    "a condition on nothing": lambda t: field(t, "roleArn")["condition"].update(property="nothing"),
    "a condition without a type": lambda t: field(t, "roleArn")["condition"].pop("type"),
    "a condition that never holds": lambda t: field(t, "roleArn")["condition"].update(equals="sometimes"),
    "a condition on a field that was taken away": lambda t: without(t, "invocationType"),
    "an icon from elsewhere": lambda t: t["icon"].update(contents="https://localhost/icon.svg"),
    "a version that is text": lambda t: t.update(version="2"),
    "a group without fields": lambda t: t["groups"].append({"id": "empty", "label": "Empty"}),
    "a group that stands twice": lambda t: t["groups"].append(dict(t["groups"][0])),
    "a preset that is no choice": lambda t: field(t, "logType").update(value="Head"),
    "a preset over the operator's default": lambda t: field(t, "maskPayload").update(value="false"),
    "an empty choice": lambda t: field(t, "maskPayload")["choices"].append({"name": "Empty", "value": ""}),
    "a failed function that completes by preset": lambda t: field(t, "onFunctionError").update(value="complete"),
    "no tooltip": lambda t: field(t, "region").pop("tooltip"),
    "a choice that is cut": lambda t: field(t, "logType")["choices"][0].update(name="None of all the lines that the function writes"),
    "a label that is cut": lambda t: field(t, "region").update(label="The region of AWS in which the function is"),
    "two fields for one binding": lambda t: field(t, "qualifier").update(binding=field(t, "functionName")["binding"]),
    "two fields for one binding that show together": lambda t: field(t, "roleAccessKeyId").pop("condition"),
    "a pattern that is no regular expression": lambda t: field(t, "timeout")["constraints"]["pattern"].update(value="("),
    "a pattern that an empty field does not match": lambda t: field(t, "timeout")["constraints"]["pattern"].update(value="^PT.*$"),
    "a placeholder that its pattern refuses": lambda t: field(t, "secretAccessKey").update(placeholder="wJalrXUtnFEMI"),
    "an optional field that must not be empty": lambda t: field(t, "timeout")["constraints"].update(notEmpty=True),
}

# Of the template with a menu.
MENU_MISTAKES = {
    "a preset without a step": lambda t: t["steps"].pop(),
    "a step without a preset": lambda t: t["presets"].pop(),
    "a preset of a field that does not exist": lambda t: t["presets"][0]["properties"].update(nothing="x"),
    "a preset with a word that is no choice": lambda t: t["presets"][0]["properties"].update(operation="x"),
}


class Lint(unittest.TestCase):
    def test_finds_nothing_in_the_templates(self):
        for path in tree.TEMPLATES.glob("*.json"):
            self.assertEqual([], lint.findings(tree.read(path.stem)), path.stem)

    def test_finds_each_mistake(self):
        for file, mistakes in (("lambda-connector-invoke", MISTAKES), ("lambda-connector-operations", MENU_MISTAKES)):
            for name, make in mistakes.items():
                broken = copy.deepcopy(tree.read(file))
                make(broken)
                self.assertNotEqual([], lint.findings(broken), name)


if __name__ == "__main__":
    tree.run()
