// Each template in a real modeler page in headless Chromium: every group and field is there, the required ones say so, a
// condition brings its fields, and what is typed lands in the document. It makes the pictures, light and dark.
//
//   node shot.mjs TEMPLATES FOLDER_OF_PICTURES
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';

const [templates, pictures] = process.argv.slice(2);
const task = readFileSync(path.join(templates, 'checks/task.bpmn'), 'utf8');
const LIMIT = 30_000;

function must(holds, what) {
  if (!holds) throw new Error(what);
}

// By the presets of the fields that a condition looks at.
function holds_at_first(template, condition) {
  if (!condition) return true;
  if (condition.allMatch) return condition.allMatch.every((each) => holds_at_first(template, each));
  const { value } = template.properties.find((property) => property.id === condition.property);
  if ('isEmpty' in condition) return condition.isEmpty === !value;
  return (condition.oneOf ?? [condition.equals]).includes(value);
}

class Form {
  constructor(page, template) {
    this.page = page;
    this.template = template;
    // A group is there when one of its fields is.
    this.groups = template.groups.filter((group) => template.properties
      .some((each) => each.group === group.id && holds_at_first(template, each.condition)));
    this.problems = [];
    page.on('pageerror', (error) => this.problems.push(error.message));
  }

  async open() {
    const { page, template } = this;
    page.setDefaultTimeout(LIMIT);
    await page.setViewport({ width: 790, height: 1120 });
    await page.goto(pathToFileURL(path.resolve('page.html')).href);
    await page.evaluate((xml, value) => window.open_modeler(xml, value), task, template);
    await page.waitForFunction(() => modeler.get('elementRegistry').get('call').type === 'bpmn:ServiceTask');
    // Applying changes the selection a moment later; asked for again until the panel shows the task.
    await page.waitForFunction((selector) => {
      window.select_task();
      return document.querySelector(selector);
    }, { polling: 300 }, this.group_selector(template.groups[0].id));
  }

  group_selector(id) {
    return `[data-group-id="group-ElementTemplates__CustomProperties-${id}"]`;
  }

  toggle(group) {
    return this.page.click(`${this.group_selector(group.id)} .bio-properties-panel-group-header`);
  }

  async check_groups() {
    for (const group of this.groups) {
      const selector = this.group_selector(group.id);
      const label = await this.page.$eval(`${selector} .bio-properties-panel-group-header-title`, (element) => element.textContent);
      must(label === group.label, `the group ${group.id} is shown as ${label}`);
      const open = await this.page.$eval(`${selector} .bio-properties-panel-group-header`, (element) => element.classList.contains('open'));
      must(open === group.openByDefault, `the group ${group.id} is ${open ? 'open' : 'closed'} at first`);
      if (!open) await this.toggle(group);
    }
    const outputs = await this.page.$('[data-group-id="group-outputs"]');
    must(Boolean(outputs) === Boolean(this.template.entriesVisible?.outputs), 'the group of output mappings');
  }

  labels() {
    return this.page.evaluate(() => Object.keys(window.labels()));
  }

  async check_fields() {
    const shown = await this.labels();
    const visible = this.template.properties.filter((each) => each.type !== 'Hidden');
    for (const property of visible) {
      const there = shown.includes(property.label);
      const held = visible.some((each) => each.label === property.label && holds_at_first(this.template, each.condition));
      must(there === held, `${property.label} is ${there ? 'shown' : 'not shown'} at first`);
    }
    const missing = visible.filter((each) => each.constraints?.notEmpty && !each.value && holds_at_first(this.template, each.condition));
    must(await this.errors() === missing.length, `${await this.errors()} fields have a message, ${missing.length} required ones are empty`);
    return shown.length;
  }

  async errors() {
    return (await this.page.$$('#panel .bio-properties-panel-error')).length;
  }

  async no_errors(count = 0) {
    await this.page.waitForFunction((wanted) => document.querySelectorAll('#panel .bio-properties-panel-error').length === wanted, {}, count);
  }

  async field(id) {
    const { label } = this.template.properties.find((each) => each.id === id);
    // The panel draws itself again after each change.
    const found = await this.page.waitForFunction((wanted) => window.labels()[wanted]?.closest('.bio-properties-panel-entry')
      .querySelector('select, input[type=text], textarea, [contenteditable=true]'), { polling: 100 }, label);
    return found.asElement();
  }

  async type(id, text) {
    const element = await this.field(id);
    await element.click();
    await element.type(text, { delay: 15 });
    await this.page.keyboard.press('Tab');
  }

  async select(id, value) {
    await (await this.field(id)).select(value);
  }

  landed(text) {
    return this.page.waitForFunction(async (wanted) => (await window.exported()).includes(wanted), { polling: 200 }, text);
  }

  waits_for(label) {
    return this.page.waitForFunction((wanted) => window.labels()[wanted], {}, label);
  }

  // As it opens.
  async picture(name) {
    for (const group of this.groups.filter((each) => !each.openByDefault)) await this.toggle(group);
    await this.page.addStyleTag({ content: '.djs-palette, .djs-context-pad-parent { display: none; }' });
    await this.page.evaluate(() => {
      document.querySelector('#panel .bio-properties-panel-scroll-container').scrollTop = 0;
      document.activeElement?.blur();
    });
    await this.page.screenshot({ path: path.join(pictures, `${name}.png`) });
    await this.page.evaluate(() => document.documentElement.classList.add('dark'));
    await this.page.screenshot({ path: path.join(pictures, `${name}-dark.png`) });
  }
}

// A person fills in the template of Invoke.
async function fill_in(form) {
  await form.type('functionName', 'charge-card');
  await form.landed('source="charge-card" target="lambda.functionName"');
  await form.no_errors();
  await form.select('region', 'eu-central-1');
  await form.landed('key="region" value="eu-central-1"');
  must(!(await form.labels()).includes('Region as text'), 'the free text vanishes beside a region of the list');
  await form.select('authenticationType', 'static');
  await form.waits_for('Secret access key');
  await form.no_errors(2);
  await form.type('accessKeyId', 'AKIDEXAMPLE');
  await form.type('secretAccessKey', 'secrets.AWS_SECRET_KEY');
  await form.landed('key="authentication.secretAccessKey" value="secrets.AWS_SECRET_KEY"');
  await form.no_errors(1);
  await form.select('authenticationType', 'default');
  await form.no_errors();
  must(!(await form.labels()).includes('Secret access key'), 'the keys vanish with their condition');
  must(!(await form.page.evaluate(() => window.exported())).includes('AWS_SECRET_KEY'), 'and leave the document');
  await form.select('onFunctionError', 'bpmnError');
  await form.landed('key="onFunctionError" value="bpmnError"');
  await form.select('onFunctionError', 'fail');
  await form.landed('key="onFunctionError" value="fail"');
}

// A person updates a task of version 1 that has keys, and then chooses another type of credentials.
async function update_from_version_1(page, template) {
  const old = JSON.parse(readFileSync(path.join(templates, 'versions/lambda-connector-invoke-1.json'), 'utf8'));
  const entered = { functionName: 'charge-card', authenticationType: 'static', accessKeyId: '{{secrets.KEY_ID}}',
    secretAccessKey: '{{secrets.KEY}}', payloadFormat: 'text' };
  for (const [id, value] of Object.entries(entered)) old.properties.find((each) => each.id === id).value = value;
  const form = new Form(page, old);
  await form.open();
  form.template = template;
  await page.evaluate((value) => window.update_to(value), template);
  for (const kept of ['Credentials (v1)', 'Access key id (v1)', 'How a text payload is read (v1)']) await form.waits_for(kept);
  await form.landed('source="{{secrets.KEY}}" target="lambda.authentication.secretAccessKey"');
  must(!(await form.labels()).includes('Role (v1)'), 'what the old task did not have is not kept');
  await form.select('authenticationType', 'profile');
  await page.waitForFunction(() => !window.labels()['Credentials (v1)'] && !window.labels()['Access key id (v1)']);
  must(!(await page.evaluate(() => window.exported())).includes('lambda.authentication'), 'the old credentials leave the task');
  await form.landed('target="lambda.payloadFormat"');
  must(form.problems.length === 0, `the page met errors: ${form.problems.join('; ')}`);
}

// An example as it is drawn, without tools and panel.
async function picture_of_example(page, file) {
  await page.setViewport({ width: 900, height: 520 });
  await page.goto(pathToFileURL(path.resolve('page.html')).href);
  await page.addStyleTag({ content: '#panel, .djs-palette { display: none; }' });
  await page.evaluate((xml) => window.open_modeler(xml), readFileSync(path.join(templates, 'examples', file), 'utf8'));
  const box = await page.evaluate(() => {
    const { x, y, width, height } = document.querySelector('.djs-container .viewport').getBoundingClientRect();
    return { x, y, width, height };
  });
  const margin = 10;
  const clip = { x: Math.max(box.x - margin, 0), y: Math.max(box.y - margin, 0), width: box.width + 2 * margin, height: box.height + 2 * margin };
  await page.screenshot({ path: path.join(pictures, file.replace('.bpmn', '.png')), clip });
}

mkdirSync(pictures, { recursive: true });
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--allow-file-access-from-files'],
});
try {
  for (const file of readdirSync(templates).filter((each) => each.endsWith('.json'))) {
    const template = JSON.parse(readFileSync(path.join(templates, file), 'utf8'));
    const form = new Form(await browser.newPage(), template);
    await form.open();
    await form.check_groups();
    const labels = await form.check_fields();
    if (template.id === 'lambda-connector.invoke') await fill_in(form);
    await form.picture(path.basename(file, '.json'));
    must(form.problems.length === 0, `the page met errors: ${form.problems.join('; ')}`);
    await form.page.close();
    console.log(`modeler page: ${template.name}: ${labels} labels, groups, conditions and required fields as they must be`);
    if (template.id !== 'lambda-connector.invoke') continue;
    const page = await browser.newPage();
    await update_from_version_1(page, template);
    await page.close();
    console.log('modeler page: a task of version 1 keeps its values until their new fields have some');
  }
  const examples = readdirSync(path.join(templates, 'examples')).filter((each) => each.endsWith('.bpmn'));
  for (const file of examples) {
    const page = await browser.newPage();
    await picture_of_example(page, file);
    await page.close();
  }
  console.log(`modeler page: ${examples.length} examples drawn`);
} finally {
  await browser.close();
}
