// Applies the template to the task of task.bpmn with the modeler's own library, without a browser,
// and writes one document for each set of values. Bundled before it runs: the packages need it.
//
//   node apply.bundle.mjs TEMPLATE TASK_BPMN FOLDER
import { readFileSync, writeFileSync } from 'node:fs';
import { CloudElementTemplatesCoreModule } from 'bpmn-js-element-templates/core';
import Modeler from 'bpmn-js-headless/lib/Modeler';
import CamundaCloudBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';

// Process id: what a person would have entered, by the field's id. The functions are the sandbox's.
export const SETS = {
  'template-defaults': { functionName: 'echo', payload: '={number: number, words: words}' },
  'template-json-text': { functionName: 'echo', payload: '{"list": [1, 2.5, null]}' },
  'template-fails': { functionName: 'fail', payload: '={type: "NoStock"}', retries: '1' },
  'template-completes': { functionName: 'fail', payload: '={type: "NoStock"}', onFunctionError: 'complete' },
  'template-every-field': {
    functionName: '=name',
    payload: '={token: "Bearer {{secrets.TEMPLATE_TOKEN}}", number: number}',
    payloadFormat: 'json',
    onFunctionError: 'bpmnError',
    onError: 'complete',
    bpmnErrors: 'CONFLICT, NoStock',
    resultVariable: 'response',
    outputs: 'plain',
    logType: 'None',
    maskPayload: 'true',
    qualifier: 'PROD',
    region: 'us-east-1',
    timeout: 'PT1M',
    clientContext: '={custom: {source: "template"}}',
    authenticationType: 'static',
    accessKeyId: '{{secrets.TEMPLATE_KEY_ID}}',
    secretAccessKey: '{{secrets.TEMPLATE_SECRET_KEY}}',
    secrets: 'payload.token:TEMPLATE_TOKEN, authentication.accessKeyId:TEMPLATE_KEY_ID, authentication.secretAccessKey:TEMPLATE_SECRET_KEY',
    retries: '=2 + 1',
    retryBackoff: 'PT1S',
    atMostOnce: 'true',
    jobTimeout: 'PT2M',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    traceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793',
  },
  'template-role': {
    functionName: 'echo',
    authenticationType: 'assumeRole',
    roleArn: 'arn:aws:iam::111111111111:role/orders',
    externalId: 'external',
    roleSessionName: 'template',
    durationSeconds: '=900',
    sessionTags: '={team: "billing"}',
  },
  'template-profile': { functionName: 'echo', authenticationType: 'profile', profileName: 'billing' },
  'template-url': { functionName: 'https://abc.lambda-url.us-east-1.on.aws/', payload: '={number: number}', authenticationType: 'none' },
  'template-queued': { functionName: 'echo', payload: '={number: number}', invocationType: 'Event', jobContextInPayload: 'job' },
};

const [templateFile, taskFile, folder] = process.argv.slice(2);
const template = JSON.parse(readFileSync(templateFile, 'utf8'));
const task = readFileSync(taskFile, 'utf8');

// The template with those values entered: the library decides by them which conditions hold.
function filled(values) {
  const copy = structuredClone(template);
  for (const [id, value] of Object.entries(values)) {
    const property = copy.properties.find((each) => each.id === id);
    if (!property) throw new Error(`no field ${id}`);
    property.value = value;
  }
  return copy;
}

async function apply(name, values) {
  const modeler = new Modeler({
    additionalModules: [CloudElementTemplatesCoreModule, CamundaCloudBehaviors],
    moddleExtensions: { zeebe },
  });
  await modeler.importXML(task.replaceAll('charge-order', name));
  modeler.invoke((elementTemplates, elementTemplatesLoader, elementRegistry) => {
    const used = filled(values);
    elementTemplatesLoader.setTemplates([used]);
    if (elementTemplates.getAll().length !== 1) throw new Error(`${name}: the library does not take the template`);
    elementTemplates.applyTemplate(elementRegistry.get('call'), used);
  });
  const { xml } = await modeler.saveXML({ format: true });
  // The library replaces the task and makes up an id for its shape.
  writeFileSync(`${folder}/${name}.bpmn`, xml.replace(/Activity_[0-9a-z]{7}_di/, 'call_di'));
}

// A template is offered where its `engines` say, and nowhere else.
async function offered(version) {
  const modeler = new Modeler({ additionalModules: [CloudElementTemplatesCoreModule, CamundaCloudBehaviors], moddleExtensions: { zeebe } });
  return modeler.invoke((elementTemplates, elementTemplatesLoader) => {
    elementTemplatesLoader.setTemplates([template]);
    elementTemplates.setEngines({ camunda: version });
    return elementTemplates.getLatest().length === 1;
  });
}

for (const [name, values] of Object.entries(SETS)) await apply(name, values);
for (const [version, expected] of [['8.4.0', false], ['8.5.8', true], ['8.6.0', true], ['8.8.21', true], ['9.0.0', false]]) {
  if (await offered(version) !== expected) throw new Error(`for Camunda ${version} the template must ${expected ? '' : 'not '}be offered`);
}
console.log(`applied: ${Object.keys(SETS).length} processes; offered from 8.5 to below 9`);
