// The official schema for element templates, and bpmnlint with the rules of each supported engine for the documents.
// What the schema does not see is looked at by lint.py, without any package.
//
//   node check.mjs FILE...    templates (.json) and documents (.bpmn)
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { validateZeebe } from '@bpmn-io/element-templates-validator';
import { BpmnModdle } from 'bpmn-moddle';
import Linter from 'bpmnlint/lib/linter.js';
import NodeResolver from 'bpmnlint/lib/resolver/node-resolver.js';

const require = createRequire(import.meta.url);
const zeebe = require('zeebe-bpmn-moddle/resources/zeebe.json');
// `engines` of the templates says ^8.5.
const ENGINES = ['8-5', '8-6', '8-7', '8-8', '8-9', '8-10'];

function schemaFindings(text) {
  const { valid, errors } = validateZeebe(JSON.parse(text));
  return valid ? [] : errors.map((each) => `${each.message} at ${each.dataPath ?? each.instancePath ?? ''}`);
}

async function lintFindings(text) {
  const { rootElement, warnings } = await new BpmnModdle({ zeebe }).fromXML(text);
  const findings = warnings.map((each) => each.message);
  for (const engine of ENGINES) {
    const linter = new Linter({
      resolver: new NodeResolver(),
      config: {
        extends: ['bpmnlint:recommended', `plugin:camunda-compat/camunda-cloud-${engine}`],
        // From 8.10 on it wants references that the engine resolves; the worker resolves {{secrets.NAME}}.
        rules: { 'camunda-compat/secrets': 'off' },
      },
    });
    for (const [rule, reports] of Object.entries(await linter.lint(rootElement))) {
      for (const report of reports) findings.push(`for ${engine}: ${rule}: ${report.message} (${report.id})`);
    }
  }
  return findings;
}

const BROKEN = [
  [schemaFindings, JSON.stringify({ name: 'x', id: 'x', appliesTo: ['bpmn:Task'], properties: [{ type: 'String', binding: { type: 'nothing' } }] })],
  [lintFindings, '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x" id="d"><bpmn:process id="p" '
    + 'isExecutable="true"><bpmn:serviceTask id="t" name="T" /></bpmn:process></bpmn:definitions>'],
];

let wrong = 0;
for (const [findingsOf, text] of BROKEN) {
  if ((await findingsOf(text)).length > 0) continue;
  console.log('check: found nothing wrong with a broken file');
  wrong += 1;
}
const files = process.argv.slice(2);
for (const file of files) {
  const findingsOf = file.endsWith('.json') ? schemaFindings : lintFindings;
  for (const each of await findingsOf(readFileSync(file, 'utf8'))) {
    console.log(`${path.basename(file)}: ${each}`);
    wrong += 1;
  }
}
console.log(`check: ${files.length} files, ${wrong} findings`);
process.exit(wrong === 0 && files.length > 0 ? 0 : 1);
