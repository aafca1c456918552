// Checks one template, after having seen that the checks find what they are for.
//
//   node check.mjs TEMPLATE TABLES
import { readFileSync } from 'node:fs';
import { findingsOf } from './lint.mjs';

const [templateFile, tablesFile] = process.argv.slice(2);
const template = JSON.parse(readFileSync(templateFile, 'utf8'));
const tables = JSON.parse(readFileSync(tablesFile, 'utf8'));

const field = (copy, id) => copy.properties.find((property) => property.id === id);
const MUTANTS = {
  'without $schema': (copy) => delete copy.$schema,
  'an unknown key': (copy) => { copy.colour = 'red'; },
  'engines that are no range': (copy) => { copy.engines.camunda = 'abc'; },
  'an icon from elsewhere': (copy) => { copy.icon.contents = 'https://localhost/icon.svg'; },
  'an id that stands twice': (copy) => { field(copy, 'region').id = 'qualifier'; },
  'a group that is not declared': (copy) => { field(copy, 'region').group = 'elsewhere'; },
  'a group without fields': (copy) => copy.groups.push({ id: 'empty', label: 'Empty' }),
  'a condition on nothing': (copy) => { field(copy, 'logType').condition.property = 'nothing'; },
  'a condition that never holds': (copy) => { field(copy, 'logType').condition.equals = 'Sometimes'; },
  'a condition without type': (copy) => delete field(copy, 'logType').condition.type,
  'a preset that is no choice': (copy) => { field(copy, 'logType').value = 'Head'; },
  'no tooltip': (copy) => delete field(copy, 'region').tooltip,
  'an input without a field': (copy) => { copy.properties = copy.properties.filter((each) => each.id !== 'region'); },
  'a field without an input': (copy) => { field(copy, 'region').binding.name = 'lambda.regoin'; },
  'a header without a field': (copy) => { copy.properties = copy.properties.filter((each) => each.id !== 'onError'); },
  'a shorthand beside what it stands for': (copy) => { field(copy, 'bpmnErrors').binding.key = 'profile'; },
  'a shorthand without what it stands for': (copy) => { field(copy, 'outputs').condition = { type: 'simple', property: 'onError', equals: 'fail' }; },
  'a field of a header to come': (copy) => { field(copy, 'onError').binding.key = 'errorExpression'; },
  'a choice that the worker refuses': (copy) => field(copy, 'onError').choices.push({ name: 'Ignore', value: 'ignore' }),
  'a required input that may be empty': (copy) => delete field(copy, 'functionName').constraints,
  'another type of binding': (copy) => { field(copy, 'region').binding.type = 'zeebe:nothing'; },
};

let blind = 0;
for (const [name, change] of Object.entries(MUTANTS)) {
  const copy = structuredClone(template);
  change(copy);
  if (findingsOf(copy, tables).length === 0) {
    console.log(`check: found nothing wrong with ${name}`);
    ++blind;
  }
}
const findings = findingsOf(template, tables);
for (const each of findings) console.log(`template: ${each}`);
console.log(`${templateFile.split('/').pop()}: ${template.properties.length} properties, ${findings.length} findings; `
  + `${Object.keys(MUTANTS).length - blind} of ${Object.keys(MUTANTS).length} broken copies found`);
process.exit(findings.length + blind === 0 ? 0 : 1);
