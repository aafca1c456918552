// The modeler's own library against ours (generator/apply.py): it applies the templates without a browser, and what it
// writes into the task must be what the documents of tests/e2e/template have. Bundled before it runs: the packages need it.
//
//   node apply.bundle.mjs TEMPLATES DOCUMENTS
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CloudElementTemplatesCoreModule } from 'bpmn-js-element-templates/core';
import Modeler from 'bpmn-js-headless/lib/Modeler';
import CamundaCloudBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';

const [templates, documents] = process.argv.slice(2);
const read = (file) => readFileSync(path.join(templates, file), 'utf8');
const template_of = (name) => JSON.parse(read(`${name}.json`));
const task = read('checks/task.bpmn');
const sets = JSON.parse(read('checks/values.json'));

function must(holds, what) {
  if (!holds) throw new Error(what);
}

// The template with those values entered: the library decides by them which conditions hold.
function filled(template, values) {
  const copy = structuredClone(template);
  for (const [id, value] of Object.entries(values)) copy.properties.find((each) => each.id === id).value = value;
  return copy;
}

async function modeler_with(xml) {
  const modeler = new Modeler({
    additionalModules: [CloudElementTemplatesCoreModule, CamundaCloudBehaviors],
    moddleExtensions: { zeebe },
  });
  // Names beside a shape are measured, which needs a browser.
  await modeler.importXML(xml.replace(/(<bpmn:(?:start|end)Event id="\w+") name="[^"]*"/g, '$1'));
  return modeler;
}

// `known`: other versions that the modeler has too.
function apply(modeler, template, preset, known = []) {
  modeler.invoke((elementTemplates, elementTemplatesLoader, elementRegistry) => {
    elementTemplatesLoader.setTemplates([template, ...known]);
    must(elementTemplates.getAll().length === 1 + known.length, `the library does not take ${template.id}`);
    elementTemplates.applyTemplate(elementRegistry.get('call'), template, preset && { presetId: preset });
  });
}

// What the task says to the engine, and by what a modeler knows its template.
function content(modeler) {
  let element;
  modeler.invoke((elementRegistry) => { element = elementRegistry.get('call').businessObject; });
  const of = (type) => element.extensionElements?.values.find((each) => each.$type === type);
  const pairs = (list, ...keys) => (list ?? []).map((each) => keys.map((key) => each[key]).join(' <- ')).sort();
  const { type, retries } = of('zeebe:TaskDefinition') ?? {};
  return {
    element: element.$type,
    template: [element.modelerTemplate, element.modelerTemplateVersion, element.modelerTemplateIcon],
    definition: [type, retries],
    inputs: pairs(of('zeebe:IoMapping')?.inputParameters, 'target', 'source'),
    outputs: pairs(of('zeebe:IoMapping')?.outputParameters, 'target', 'source'),
    headers: pairs(of('zeebe:TaskHeaders')?.values, 'key', 'value'),
    properties: pairs(of('zeebe:Properties')?.properties, 'name', 'value'),
  };
}

async function compare(name, { template: file, values }) {
  const modeler = await modeler_with(task);
  apply(modeler, filled(template_of(file), values));
  const ours = await modeler_with(readFileSync(path.join(documents, `${name}.bpmn`), 'utf8'));
  const [theirs, expected] = [content(modeler), content(ours)].map((each) => JSON.stringify(each, null, 1));
  must(theirs === expected, `${name}: the library writes\n${theirs}\nand the document has\n${expected}`);
}

// A step of the menu gives what a person gets who chooses the operation.
async function compare_presets(template) {
  for (const { id, properties } of template.presets ?? []) {
    const [by_step, by_hand] = [await modeler_with(task), await modeler_with(task)];
    apply(by_step, template, id);
    apply(by_hand, filled(template, properties));
    must(JSON.stringify(content(by_step)) === JSON.stringify(content(by_hand)), `the preset ${id} of ${template.id}`);
  }
}

// What the task says to the engine, one line for each thing.
function lines(said) {
  return [...said.inputs, ...said.outputs, ...said.headers, ...said.properties, ...said.definition];
}

// What a task says before and after an update to the template `now`: by a modeler that still has the older version, and by one that has
// not. Both must agree.
async function updated(old, values, now) {
  let result;
  for (const known of [[old], []]) {
    const modeler = await modeler_with(task);
    apply(modeler, filled(old, values));
    const was = lines(content(modeler));
    apply(modeler, now, undefined, known);
    const is = lines(content(modeler));
    must(content(modeler).template[1] === now.version, `${now.id}: the task has no new version`);
    must(!result || JSON.stringify(result.is) === JSON.stringify(is),
      `${now.id}: the update depends on whether the modeler has the older version:\n${is.join('\n')}`);
    result = { was, is };
  }
  return result;
}

// What a person entered in an older version says the same after the update: only what means nothing goes.
async function update(file) {
  const [, name, version] = /^(.+)-([0-9]+)\.json$/.exec(file);
  const old = JSON.parse(read(`versions/${file}`));
  const { entered, sameAsNothing } = JSON.parse(read('checks/updates.json'))[`${name}-${version}`];
  for (const [what, values] of Object.entries(entered)) {
    const { was, is } = await updated(old, values, template_of(name));
    for (const value of Object.values(values)) {
      must(was.some((line) => line.includes(value)), `${file}, ${what}: ${value} was not written at first`);
    }
    for (const line of was) {
      must(is.includes(line) || sameAsNothing.includes(line), `${file}, ${what}: an update loses ${line}`);
    }
    for (const line of is) {
      must(was.includes(line) || line === 'logType <- None', `${file}, ${what}: an update adds ${line}`);
    }
  }
  return Object.keys(entered).length;
}

// A version that changes nothing leaves what the task says. With one exception that the library makes: an optional field with a preset
// that a person emptied leaves no trace in the task, so the preset comes back.
async function update_again(name, { template: file, values }) {
  const template = template_of(file);
  const { was, is } = await updated(template, values, { ...template, version: template.version + 1 });
  const emptied = template.properties.filter((each) => each.optional && each.value && values[each.id] === '')
    .map(({ binding, value }) => `${value} <- ${binding.source}`);
  must(JSON.stringify([...was, ...emptied].sort()) === JSON.stringify([...is].sort()),
    `${name}: an update makes\n${was.join('\n')}\nto\n${is.join('\n')}`);
}

// A template is offered where its `engines` say, and nowhere else.
async function offered(template, version) {
  const modeler = await modeler_with(task);
  return modeler.invoke((elementTemplates, elementTemplatesLoader) => {
    elementTemplatesLoader.setTemplates([template]);
    elementTemplates.setEngines({ camunda: version });
    return elementTemplates.getLatest().length === 1;
  });
}

async function check_engines(template) {
  const from = Number(/^\^8\.([0-9]+)$/.exec(template.engines.camunda)[1]);
  for (const minor of [4, 5, 6, 8, 9, 10]) {
    const is = await offered(template, `8.${minor}.1`);
    must(is === minor >= from, `${template.id} is ${is ? '' : 'not '}offered for 8.${minor}`);
  }
  must(!await offered(template, '9.0.0'), `${template.id} is offered for 9.0`);
}

for (const [name, set] of Object.entries(sets)) {
  await compare(name, set);
  await update_again(name, set);
}
const older = readdirSync(path.join(templates, 'versions')).filter((file) => file.endsWith('.json'));
let updates = 0;
for (const file of older) updates += await update(file);
const files = readdirSync(templates).filter((file) => file.endsWith('.json'));
for (const file of files) {
  const template = JSON.parse(read(file));
  await check_engines(template);
  await compare_presets(template);
}
console.log(`applied: ${Object.keys(sets).length} documents as the library writes them; ${updates} tasks of ${older.length} older versions updated, each document too; `
  + `${files.length} templates offered for the engines that they name`);
