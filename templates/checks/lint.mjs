// The template against the official schema, and against what that does not look at: ids, groups,
// conditions, defaults, engines, the icon, and the worker's own tables.
//
// The tables are what `lambda-connector print-task-tables` prints.
import { validateZeebe } from '@bpmn-io/element-templates-validator';
import semver from 'semver';

const SCHEMA = 'https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json';
const TOP = new Set(['$schema', 'name', 'id', 'version', 'description', 'keywords', 'category', 'appliesTo', 'elementType',
  'engines', 'icon', 'groups', 'properties', 'documentationRef']);
// Of the worker's headers, those that this version does not evaluate.
const NOT_YET = new Set(['resultExpression', 'errorExpression']);
// Those that only stand for others. The template always says these, so that a field would do nothing.
const SHORTHAND = { profile: ['outputs', 'onError'] };

// What is wrong with the template, one line each.
export function findingsOf(template, tables) {
  const findings = [];
  const wrong = (text) => findings.push(text);

  function checkSchema() {
    const { valid, errors } = validateZeebe(template);
    if (!valid) for (const each of errors) wrong(`schema: ${each.message} at ${each.dataPath ?? each.instancePath ?? ''}`);
    if (template.$schema !== SCHEMA) wrong(`$schema must be ${SCHEMA}`);
  }

  function checkHead() {
    for (const key of Object.keys(template)) if (!TOP.has(key)) wrong(`unknown key ${key}`);
    if (!Number.isInteger(template.version)) wrong('version must be a whole number');
    const range = template.engines?.camunda;
    if (!range || !semver.validRange(range)) wrong(`engines.camunda is no version range: ${range}`);
    const [kind, svg] = (template.icon?.contents ?? '').split(/,(.*)/s);
    if (kind !== 'data:image/svg+xml' || !/^<svg .*<\/svg>$/s.test(decodeURIComponent(svg ?? ''))) wrong('the icon is no SVG in a data URI');
  }

  function conditionsOf(condition) {
    if (!condition) return [];
    return condition.allMatch ? condition.allMatch : [condition];
  }

  function checkProperty(property, byId, groups) {
    const name = property.id ?? JSON.stringify(property.binding);
    if (property.type !== 'Hidden') {
      for (const key of ['id', 'label', 'tooltip', 'group']) if (!property[key]) wrong(`${name} has no ${key}`);
      if (!groups.has(property.group)) wrong(`${name} is in the group ${property.group}, which is not declared`);
    }
    if (property.choices && !property.choices.some((choice) => choice.value === property.value)) wrong(`${name} is preset to none of its choices`);
    for (const condition of conditionsOf(property.condition)) {
      if (condition.type !== 'simple') wrong(`a condition of ${name} has no type`);
      const other = byId.get(condition.property);
      if (!other) {
        wrong(`${name} depends on ${condition.property}, which does not exist`);
        continue;
      }
      const values = condition.oneOf ?? (condition.equals === undefined ? [] : [condition.equals]);
      for (const value of values) {
        if (other.choices && !other.choices.some((choice) => choice.value === value)) wrong(`${name} waits for ${other.id} to be ${value}, which is no choice`);
      }
    }
  }

  function checkProperties() {
    const byId = new Map();
    for (const property of template.properties) {
      if (property.id && byId.has(property.id)) wrong(`the id ${property.id} stands twice`);
      if (property.id) byId.set(property.id, property);
    }
    const groups = new Set(template.groups.map((group) => group.id));
    const used = new Set(template.properties.map((property) => property.group));
    if (groups.size !== template.groups.length) wrong('a group stands twice');
    for (const group of groups) if (!used.has(group)) wrong(`the group ${group} is empty`);
    for (const property of template.properties) checkProperty(property, byId, groups);
    const bindings = template.properties.map((property) => JSON.stringify(property.binding));
    for (const binding of new Set(bindings)) if (bindings.filter((other) => other === binding).length > 1) wrong(`bound twice: ${binding}`);
  }

  const wordsOf = (property) => property.choices?.map((choice) => choice.value).sort().join('|');

  function checkChoices(kind, name, words, property) {
    if (!words || property.type === 'Hidden') return;
    const expected = words.split('|').sort().join('|');
    if (wordsOf(property) !== expected) wrong(`${kind} ${name} takes ${words}, the template offers ${wordsOf(property) ?? 'a text'}`);
  }

  // No field without an input and no input without a field; the same for headers.
  function checkTables() {
    const type = template.properties.find((property) => property.binding.property === 'type')?.value;
    const operation = tables.operations.find((each) => each.jobType === type);
    if (!operation) return wrong(`no operation is served under ${type}`);
    const inputs = new Map(), headers = new Map();
    for (const property of template.properties) {
      const { binding } = property;
      if (binding.type === 'zeebe:input') {
        const [root, name, field] = binding.name.split('.');
        if (root !== 'lambda') wrong(`${binding.name} is not in lambda`);
        if (field && name !== 'authentication') wrong(`${binding.name}: only authentication has fields`);
        inputs.set(name, property);
      }
      if (binding.type === 'zeebe:taskHeader') headers.set(binding.key, property);
    }
    for (const input of operation.inputs) {
      const property = inputs.get(input.name);
      if (!property) wrong(`no field for the input ${input.name}`);
      else if (input.type !== 'object') checkChoices('input', input.name, input.words, property);
      if (property && input.required && !property.constraints?.notEmpty) wrong(`${input.name} is required, its field is not`);
    }
    const inputNames = new Set(operation.inputs.map((input) => input.name));
    for (const name of inputs.keys()) if (!inputNames.has(name)) wrong(`a field for ${name}, which is no input`);
    for (const header of tables.headers) {
      const property = headers.get(header.name);
      if (NOT_YET.has(header.name)) {
        if (property) wrong(`a field for ${header.name}, which this version does not know`);
      } else if (SHORTHAND[header.name]) {
        if (property) wrong(`a field for ${header.name}, which does nothing beside ${SHORTHAND[header.name].join(' and ')}`);
        for (const name of SHORTHAND[header.name]) {
          const told = headers.get(name);
          if (!told?.choices || told.condition) wrong(`${name} is not always set, and ${header.name} has no field`);
        }
      } else if (!property) {
        wrong(`no field for the header ${header.name}`);
      } else {
        checkChoices('header', header.name, header.words, property);
      }
    }
    const headerNames = new Set(tables.headers.map((header) => header.name));
    for (const name of headers.keys()) if (!headerNames.has(name)) wrong(`a field for ${name}, which is no header`);
    if (headers.get('inputs')?.value !== 'lambda') wrong('the header inputs must be set to lambda');
    if (headers.get('onFunctionError')?.value !== 'fail') wrong('onFunctionError must be preset to fail');
  }

  checkSchema();
  checkHead();
  checkProperties();
  checkTables();
  return findings;
}
