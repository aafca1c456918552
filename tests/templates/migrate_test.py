"""templates/migrate.py: tasks of the existing connector, of each version of its template, and of our first version."""

import pathlib
import unittest

import tree
import migrate
from generator import bpmn
from generator.documents import documents
from generator.refresh import values_of

_FIXTURES = pathlib.Path(__file__).parent / "migration"
_FROM_KEYS = {"authenticationType": "static", "region": "us-east-1", "retries": "3", "onFunctionError": "complete", "logType": "None"}


def task_of(name, **options):
    document, told, left = migrate.migrated((_FIXTURES / f"migrate-{name}.bpmn").read_bytes(), **options)
    return bpmn.tasks(document)[0], told, left


def values(name, **options):
    task, _, _ = task_of(name, **options)
    return values_of(task, tree.read("lambda-connector-invoke"))


class Versions(unittest.TestCase):
    """Each version: what a person finds in the form afterwards."""

    def expect(self, name, more, without=()):
        expected = {key: value for key, value in {**_FROM_KEYS, "functionName": "echo", "payload": "={number: number, words: words}", **more}.items()
                    if key not in without}
        self.assertEqual(expected, values(name))

    def test_1_has_the_region_beside_the_function(self):
        self.expect("v1", {"accessKeyId": "secrets.AWS_KEY_ID", "secretAccessKey": "secrets.AWS_SECRET_KEY", "resultVariable": "response"})

    def test_2_has_no_type_of_credentials(self):
        self.expect("v2", {"accessKeyId": "secrets.AWS_KEY_ID", "secretAccessKey": "secrets.AWS_SECRET_KEY", "resultVariable": "response"})

    def test_3_result_expression(self):
        self.expect("v3", {"accessKeyId": "{{secrets.AWS_KEY_ID}}", "secretAccessKey": "{{secrets.AWS_SECRET_KEY}}", "resultVariable": "response",
                           "resultExpression": "={answer: response.payload.number}"})

    def test_4_default_credentials_a_region_by_expression_and_an_error_expression(self):
        self.expect("v4", {"regionText": '="us-east-1"', "resultExpression": "={answer: response.payload.number}",
                           "errorExpression": '=if error.code = "404" then bpmnError("NO_FUNCTION", "there is none") else null'},
                    ("authenticationType", "region"))

    def test_5_text_as_payload_and_no_pause(self):
        self.expect("v5", {"accessKeyId": "{{secrets.AWS_KEY_ID}}", "secretAccessKey": "{{secrets.AWS_SECRET_KEY}}", "resultVariable": "response",
                           "functionName": "=name", "payload": '{"number": 7}', "retryBackoff": "PT0S"})

    def test_6_headers_with_the_templates_id_go(self):
        self.expect("v6", {"accessKeyId": "{{secrets.AWS_KEY_ID}}", "secretAccessKey": "{{secrets.AWS_SECRET_KEY}}", "resultVariable": "response",
                           "functionName": "fail", "payload": '={type: "NoStock"}', "retryBackoff": "PT30S"})

    def test_7_without_a_result_header_nothing_reaches_the_process(self):
        self.expect("v7", {"resultExpression": "={}", "retries": "2", "retryBackoff": "PT30S"}, ("authenticationType",))

    def test_8_longest_time_and_secrets_of_the_payload(self):
        self.expect("v8", {"accessKeyId": "{{secrets.AWS_KEY_ID}}", "secretAccessKey": "{{secrets.AWS_SECRET_KEY}}", "resultVariable": "response",
                           "payload": '={token: "{{secrets.TEMPLATE_TOKEN}}", number: number}', "secrets": "TEMPLATE_TOKEN", "timeout": "PT1M",
                           "retryBackoff": "PT30S"})


class Rest(unittest.TestCase):
    def test_a_job_type_of_its_own_is_kept(self):
        task, told, _ = task_of("hybrid")
        self.assertEqual(("billing:aws-lambda", "lambda-connector.invoke-hybrid"), (task.type, task.template))
        self.assertIn("the worker must serve billing:aws-lambda=invoke", "\n".join(told))

    def test_a_reusable_credential_leaves_the_task_as_it_is(self):
        before = (_FIXTURES / "migrate-credential.bpmn").read_bytes()
        document, told, left = migrate.migrated(before)
        self.assertEqual((before, 1), (document, left))
        self.assertIn("left as it is: it uses a reusable credential", told[0])

    def test_an_expression_for_a_key_stays_an_input_mapping_and_what_is_unknown_stays(self):
        task, told, _ = task_of("expression")
        self.assertEqual("=vault.key", task.inputs["lambda.authentication.accessKeyId"])
        self.assertEqual("{{secrets.AWS_SECRET_KEY}}", task.headers["authentication.secretAccessKey"])
        self.assertNotIn("authentication.accessKeyId", task.headers)
        self.assertEqual(("=1", "x"), (task.inputs["own"], task.headers["ownHeader"]))
        self.assertNotIn("lambda.timeout", task.inputs)
        for part in ("accessKey is an expression", "jobTimeout PT2H is left out", "input mapping own", "header ownHeader"):
            self.assertIn(part, "\n".join(told))

    def test_what_an_error_expression_sees_otherwise_is_told(self):
        told = "\n".join(task_of("v4")[1])
        for part in ("saw the variables that the result headers make", "saw no error when the function failed", "such as NOT_FOUND"):
            self.assertIn(part, told)
        self.assertNotIn("error expression", "\n".join(task_of("v3")[1]))

    def test_a_pause_that_nothing_gave_is_told(self):
        self.assertIn("it has no pause between tries", "\n".join(task_of("v4")[1]))
        self.assertNotIn("it has no pause", "\n".join(task_of("v8")[1]))

    def test_text_payloads_of_later_runtimes(self):
        self.assertEqual("text", values("v5", text_payload="quoted")["payloadFormat"])

    def test_everything_else_stays_byte_for_byte(self):
        before = (_FIXTURES / "migrate-v8.bpmn").read_bytes()
        after, _, _ = migrate.migrated(before)
        for marker in (b"<bpmn:serviceTask", b"</bpmn:extensionElements>"):
            self.assertEqual(before.count(marker), after.count(marker))
        self.assertEqual(before[:before.index(b"<bpmn:serviceTask")], after[:after.index(b"<bpmn:serviceTask")])
        end = b"\n      </bpmn:extensionElements>"
        self.assertEqual(before[before.index(end):], after[after.index(end):])

    def test_a_second_run_changes_nothing(self):
        once, _, _ = migrate.migrated((_FIXTURES / "migrate-v8.bpmn").read_bytes())
        again, told, left = migrate.migrated(once)
        self.assertEqual((once, [], 0), (again, told, left))

    def test_every_binding_of_every_version_has_its_place(self):
        """The fixtures have all that the template's versions write."""
        inputs, headers = set(), set()
        for path in _FIXTURES.glob("*.bpmn"):
            task = bpmn.tasks(path.read_bytes())[0]
            inputs |= task.inputs.keys() - {"own"}
            headers |= task.headers.keys() - {"ownHeader"}
        self.assertEqual({"authentication.type", "authentication.accessKey", "authentication.secretKey", "awsCredential", "configuration.region",
                          "configuration.endpoint", "awsFunction.region", "awsFunction.operationType", "awsFunction.functionName",
                          "awsFunction.payload"}, inputs)
        self.assertEqual({"resultVariable", "resultExpression", "errorExpression", "retryBackoff", "jobTimeout", "elementTemplateId",
                          "elementTemplateVersion"}, headers)


class Own(unittest.TestCase):
    def test_version_1_keeps_what_was_entered(self):
        old = tree.read("versions/lambda-connector-invoke-1")
        entered = {"functionName": "echo", "payload": "={a: 1}", "payloadFormat": "json", "region": "eu-west-1", "authenticationType": "assumeRole",
                   "roleArn": "arn:aws:iam::111111111111:role/orders", "durationSeconds": "=900", "sessionTags": '={team: "billing"}',
                   "jobTimeout": "PT9M", "atMostOnce": "true", "bpmnErrors": "NoStock", "invocationType": "DryRun", "clientContext": "={}"}
        made = self.document(old, entered)
        after, told, left = migrate.migrated(made)
        task = bpmn.tasks(after)[0]
        self.assertEqual(0, left)
        self.assertEqual("PT9M", task.headers.pop("jobTimeout"))
        found = values_of(task, tree.read("lambda-connector-invoke"))
        for name, value in entered.items():
            if name != "jobTimeout":
                self.assertEqual(value.removeprefix("=") if name == "durationSeconds" else value, found.get(name), name)
        self.assertIn("jobTimeout", "\n".join(told))

    def test_version_1_with_keys_by_expression(self):
        made = self.document(tree.read("versions/lambda-connector-invoke-1"),
                             {"functionName": "echo", "authenticationType": "static", "accessKeyId": "=vault.key", "secretAccessKey": "secrets.X"})
        after, told, _ = migrate.migrated(made)
        task = bpmn.tasks(after)[0]
        self.assertEqual(("=vault.key", "secrets.X"), (task.inputs["lambda.authentication.accessKeyId"],
                                                       task.headers["authentication.secretAccessKey"]))
        self.assertIn("accessKeyId is an expression", "\n".join(told))

    @staticmethod
    def document(template, entered):
        return documents({"old": template}, {"own": {"template": "old", "values": entered}})["own.bpmn"].encode()


if __name__ == "__main__":
    tree.run()
