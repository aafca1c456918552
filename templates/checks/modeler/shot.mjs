// The template in a real modeler page in headless Chromium: every group and field is there, the
// required one says so, a condition brings its fields, and what is typed lands in the document.
//
//   node shot.mjs TEMPLATE TASK_BPMN PNG
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';

const [templateFile, taskFile, picture] = process.argv.slice(2);
const template = JSON.parse(readFileSync(templateFile, 'utf8'));
const LIMIT = 30_000;

function must(holds, what) {
  if (!holds) throw new Error(what);
}

// By the presets of the fields that a condition looks at.
function holdsAtFirst(condition) {
  if (!condition) return true;
  const { value } = template.properties.find((property) => property.id === condition.property);
  return (condition.oneOf ?? [condition.equals]).includes(value);
}

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--allow-file-access-from-files'],
});
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(LIMIT);
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.setViewport({ width: 1150, height: 900 });
  await page.goto(pathToFileURL(path.resolve('page.html')).href);
  await page.evaluate((xml, value) => window.open_modeler(xml, value), readFileSync(taskFile, 'utf8'), template);
  await page.waitForFunction(() => modeler.get('elementRegistry').get('call').type === 'bpmn:ServiceTask');
  // Applying changes the selection a moment later; asked for again until the panel shows the task.
  await page.waitForFunction(() => {
    window.select_task();
    return document.querySelector('[data-group-id="group-ElementTemplates__CustomProperties-function"]');
  }, { polling: 300 });

  // Opens every group.
  for (const group of template.groups) {
    const selector = `[data-group-id="group-ElementTemplates__CustomProperties-${group.id}"]`;
    const label = await page.$eval(`${selector} .bio-properties-panel-group-header-title`, (element) => element.textContent);
    must(label === group.label, `the group ${group.id} is shown as ${label}`);
    const open = await page.$eval(`${selector} .bio-properties-panel-group-header`, (element) => element.classList.contains('open'));
    must(open === group.openByDefault, `the group ${group.id} is ${open ? 'open' : 'closed'} at first`);
    if (!open) await page.click(`${selector} .bio-properties-panel-group-header`);
  }
  const labels = () => page.$$eval('#panel .bio-properties-panel-label', (all) => all.map((each) => each.textContent.trim()));
  const shown = await labels();
  for (const property of template.properties) {
    if (property.type === 'Hidden') continue;
    const there = shown.includes(property.label);
    must(there === holdsAtFirst(property.condition), `${property.label} is ${there ? 'shown' : 'not shown'} at first`);
  }
  must((await page.$$('#panel .bio-properties-panel-error')).length === 1, 'only the function must be missing at first');

  const field = (id) => page.evaluateHandle((label) => {
      const entry = [...document.querySelectorAll('#panel .bio-properties-panel-entry')]
        .find((one) => one.querySelector('.bio-properties-panel-label')?.textContent.trim() === label);
      return entry?.querySelector('select, input[type=text], textarea, [contenteditable=true]') ?? null;
    }, template.properties.find((each) => each.id === id).label);
  const type = async (id, text) => {
    const element = await field(id);
    must(element.asElement(), `no field for ${id}`);
    await element.asElement().click();
    await element.asElement().type(text, { delay: 15 });
    await page.keyboard.press('Tab');
  };
  const select = async (id, value) => (await field(id)).asElement().select(value);
  const landed = (text) => page.waitForFunction(async (wanted) => (await window.exported()).includes(wanted), { polling: 200 }, text);

  await type('functionName', 'charge-card');
  await landed('source="charge-card" target="lambda.functionName"');
  await select('authenticationType', 'static');
  await page.waitForFunction(() => [...document.querySelectorAll('#panel .bio-properties-panel-label')].some((each) => each.textContent.trim().startsWith('Secret access key')));
  must((await page.$$('#panel .bio-properties-panel-error')).length === 2, 'the two keys must be missing');
  await select('authenticationType', 'default');
  await page.waitForFunction(() => document.querySelectorAll('#panel .bio-properties-panel-error').length === 0);
  must(!(await labels()).some((label) => label.startsWith('Secret access key')), 'the keys must vanish with their condition');
  await select('onFunctionError', 'bpmnError');
  await landed('key="onFunctionError" value="bpmnError"');
  await select('onFunctionError', 'fail');
  await landed('key="onFunctionError" value="fail"');
  must(problems.length === 0, `the page met errors: ${problems.join('; ')}`);

  // For the picture, as it opens.
  for (const group of template.groups.filter((each) => !each.openByDefault)) {
    await page.click(`[data-group-id="group-ElementTemplates__CustomProperties-${group.id}"] .bio-properties-panel-group-header`);
  }
  await page.evaluate(() => { document.querySelector('#panel').scrollTop = 0; document.activeElement?.blur(); });
  await page.screenshot({ path: picture });
  console.log(`modeler page: ${shown.length} labels, conditions and required fields as they must be; picture ${path.basename(picture)}`);
} finally {
  await browser.close();
}
