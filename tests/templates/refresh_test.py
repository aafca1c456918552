"""templates/generator/refresh.py: tasks of a document get the newest version of their template and keep what a person entered."""

import unittest

import tree
from generator import bpmn
from generator.refresh import refreshed, values_of

NAME = "lambda-connector-invoke"


class Refresh(unittest.TestCase):
    def setUp(self):
        self.template = tree.read(NAME)
        self.example = (tree.TEMPLATES / "examples/order-check.bpmn").read_bytes()

    def test_gives_a_task_the_newest_version(self):
        old = self.example.replace(f'modelerTemplateVersion="{self.template["version"]}"'.encode(), b'modelerTemplateVersion="1"')
        self.assertNotEqual(self.example, old)
        self.assertEqual(self.example, refreshed(old, {NAME: self.template}))

    def test_reads_back_what_was_entered(self):
        document = (tree.ROOT / "tests/e2e/template/template-every-field.bpmn").read_bytes()
        values = values_of(bpmn.tasks(document)[0], self.template)
        self.assertEqual("=name", values["functionName"])
        self.assertEqual("payload.token:TEMPLATE_TOKEN", values["secrets"])
        self.assertEqual(values, {**values, **values_of(bpmn.tasks(refreshed(document, {NAME: self.template}))[0], self.template)})

    def test_refuses_a_task_with_something_that_no_field_writes(self):
        document = self.example.replace(b'key="logType"', b'key="logTyp"')
        with self.assertRaisesRegex(ValueError, "task check has logTyp"):
            refreshed(document, {NAME: self.template})

    def test_leaves_tasks_of_other_templates(self):
        other = self.example.replace(b"lambda-connector.invoke", b"somebody.else")
        self.assertEqual(other, refreshed(other, {NAME: self.template}))


class Document(unittest.TestCase):
    def rewritten(self, text):
        document = text.encode()
        task = bpmn.tasks(document)[0]
        return bpmn.rewritten(document, [(task, {"modelerTemplate": 'a"<b'}, ["<z:taskDefinition />", "<z:ioMapping />"])]).decode()

    def frame(self, inner, attributes=""):
        return (f'<?xml version="1.0"?>\n<b:definitions xmlns:b="{bpmn.BPMN}" xmlns:z="{bpmn.ZEEBE}"><b:process><b:serviceTask id="t" name="x > y"'
                f'{attributes}>{inner}</b:serviceTask></b:process></b:definitions>\n')

    def test_everything_but_the_task_stays_byte_for_byte(self):
        inner = ('\n<b:extensionElements>\n  <z:taskHeaders><z:header key="k" value="v"/></z:taskHeaders>\n  <!-- kept -->\n'
                 '  <z:properties><z:property name="p" value="q"/></z:properties>\n  <z:taskDefinition type="x"/>\n</b:extensionElements>\n')
        expected = ('\n<b:extensionElements>\n  <z:taskDefinition />\n  <z:ioMapping />\n  <!-- kept -->\n'
                    '  <z:properties><z:property name="p" value="q"/></z:properties>\n</b:extensionElements>\n')
        self.assertEqual(self.frame(expected, ' z:modelerTemplate=\'a"&lt;b\''), self.rewritten(self.frame(inner)))

    def test_a_task_in_one_line(self):
        inner = '<b:extensionElements><z:taskDefinition type="x"/><z:ioMapping/></b:extensionElements>'
        self.assertEqual(self.frame("<b:extensionElements><z:taskDefinition />\n<z:ioMapping /></b:extensionElements>", ' z:modelerTemplate=\'a"&lt;b\''),
                         self.rewritten(self.frame(inner, ' z:modelerTemplate="old>"')))

    def test_what_is_no_bpmn_document_is_refused(self):
        for text, why in (("<a/>", "no BPMN"), ("nothing", "no XML"), ("", "no XML"),
                          ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"), ("<a>", "no XML")):
            with self.assertRaisesRegex(bpmn.Refused, why):
                bpmn.tasks(text.encode())
        with self.assertRaisesRegex(bpmn.Refused, "UTF-8"):
            bpmn.tasks("<a/>".encode("utf-16"))


if __name__ == "__main__":
    tree.run()
