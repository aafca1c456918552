// What runs in the browser: a modeler with its properties panel, the task of task.bpmn and our
// template. shot.mjs drives it through window.modeler.
import { CloudElementTemplatesPropertiesProviderModule } from 'bpmn-js-element-templates';
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from 'bpmn-js-properties-panel';
import Modeler from 'bpmn-js/lib/Modeler';
import CamundaCloudBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';

window.open_modeler = async (xml, template) => {
  const modeler = new Modeler({
    container: '#canvas',
    propertiesPanel: { parent: '#panel' },
    additionalModules: [BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule,
      CloudElementTemplatesPropertiesProviderModule, CamundaCloudBehaviors],
    moddleExtensions: { zeebe },
  });
  window.modeler = modeler;
  await modeler.importXML(xml);
  modeler.get('canvas').zoom('fit-viewport', 'auto');
  modeler.get('elementTemplatesLoader').setTemplates([template]);
  modeler.get('elementTemplates').setEngines({ camunda: '8.6.0' });
  const found = modeler.get('elementTemplates').getLatest(modeler.get('elementRegistry').get('call'));
  if (found.length !== 1) throw new Error(`${found.length} templates are offered for a task`);
  modeler.get('elementTemplates').applyTemplate(modeler.get('elementRegistry').get('call'), found[0]);
};

window.select_task = () => {
  modeler.get('selection').select(modeler.get('elementRegistry').get('call'));
};

window.exported = async () => (await modeler.saveXML({ format: true })).xml;
