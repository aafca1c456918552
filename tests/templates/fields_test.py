"""What the fields of the templates take and refuse, and where a person finds what the existing template has."""

import re
import unittest

import tree
from generator import bpmn
from generator.kinds import INVOKE, KINDS


def fields(name):
    return {each["id"]: each for each in tree.read(name)["properties"] if "id" in each}


def takes(field, value):
    return re.search(field["constraints"]["pattern"]["value"], value) is not None


# Visible field of version 8 of the template io.camunda.connectors.AWSLAMBDA.v2, by its binding: our field.
EXISTING = {
    "taskDefinition retries": "retries",
    "authentication.type": "authenticationType",
    "authentication.accessKey": "accessKeyId",
    "authentication.secretKey": "secretAccessKey",
    "awsCredential": "profileName",
    "configuration.region": "region",
    "awsFunction.operationType": None,  # one choice only, and without effect
    "awsFunction.functionName": "functionName",
    "awsFunction.payload": "payload",
    "resultVariable": "resultVariable",
    "resultExpression": "resultExpression",
    "errorExpression": "errorExpression",
    "retryBackoff": "retryBackoff",
    "jobTimeout": "timeout",
}
# What stands in it without a field: headers with the template's id and version, the endpoint.
EXISTING_HIDDEN = {"elementTemplateVersion", "elementTemplateId", "configuration.endpoint", "awsFunction.region"}


class Fields(unittest.TestCase):
    def test_a_key_in_clear_is_refused(self):
        for kind in KINDS:
            for name in ("accessKeyId", "secretAccessKey", "sessionToken", "roleAccessKeyId", "roleSecretAccessKey", "roleSessionToken"):
                field = fields(kind.file).get(name)
                if field is None:
                    continue
                for clear in ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "{{secret.KEY}}", "secrets.", "x {{secrets.KEY}}"):
                    self.assertFalse(takes(field, clear), f"{kind.file} {name} takes {clear}")
                for reference in ("{{secrets.KEY}}", "{{ secrets.team/aws.KEY-1 }}", "secrets.KEY"):
                    self.assertTrue(takes(field, reference), f"{kind.file} {name} refuses {reference}")

    def test_what_only_looks_like_a_reference_is_told(self):
        payload = fields("lambda-connector-invoke")["payload"]
        for near in ('{"key": "{{secret.API_KEY}}"}', "{{Secrets.KEY}}", "{{SECRETS.KEY}}", "{{secrets KEY}}", "{{secrets.KEY}", "{secrets.KEY}}"):
            self.assertFalse(takes(payload, near), near)
        for right in ('{"key": "{{secrets.API_KEY}}"}', "={order: orderId}", "", "undefined", "plain text", '={a: {b: "{{secrets.K}}"}}',
                      "={a: secrets.count}"):
            self.assertTrue(takes(payload, right), right)

    def test_the_longest_time_is_bounded(self):
        timeout = fields("lambda-connector-invoke")["timeout"]
        for right in ("", "PT5M", "PT30M30S", "PT0.5S", "PT90S", "=duration", "undefined"):
            self.assertTrue(takes(timeout, right), right)
        for wrong in ("PT1H", "P1D", "PT31M", "5", "PT", "5 minutes"):
            self.assertFalse(takes(timeout, wrong), wrong)

    def test_a_session_lasts_from_a_quarter_of_an_hour_to_twelve_hours(self):
        seconds = fields("lambda-connector-invoke")["durationSeconds"]
        taken = {number for number in range(0, 100_000, 1) if takes(seconds, str(number))}
        self.assertEqual(set(range(900, 43_201)), taken)

    def test_a_pause_is_a_duration(self):
        pause = fields("lambda-connector-invoke")["retryBackoff"]
        for right in ("", "PT30S", "P1D", "PT1M30S", "P1DT12H"):
            self.assertTrue(takes(pause, right), right)
        for wrong in ("30", "PT", "P", "30s"):
            self.assertFalse(takes(pause, wrong), wrong)

    def test_what_the_model_alone_must_decide_is_bound_to_headers(self):
        decided = {"authenticationType", "accessKeyId", "secretAccessKey", "sessionToken", "roleArn", "externalId", "roleSessionName",
                   "durationSeconds", "profileName", "secrets", "atMostOnce", "onError", "onFunctionError", "bpmnErrors"}
        for kind in KINDS:
            for name, field in fields(kind.file).items():
                if name in decided:
                    self.assertEqual("zeebe:taskHeader", field["binding"]["type"], f"{kind.file} {name}")

    def test_each_field_of_the_existing_template_has_its_place_in_the_first_two_groups(self):
        ours, first_two = fields("lambda-connector-invoke"), {each.id for each in INVOKE.groups[:2]}
        written = set()
        for path in (tree.ROOT / "tests/templates/migration").glob("*.bpmn"):
            task = bpmn.tasks(path.read_bytes())[0]
            written |= {*task.inputs, *task.headers} - {"own", "ownHeader"}
        self.assertEqual(written, EXISTING.keys() - {"taskDefinition retries"} | EXISTING_HIDDEN, "what the versions of the template write")
        for theirs, name in EXISTING.items():
            if name is not None:
                self.assertIn(ours[name]["group"], first_two, f"{theirs} is our {name}")


if __name__ == "__main__":
    tree.run()
