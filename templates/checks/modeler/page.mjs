// What runs in the browser: a modeler with its properties panel and the task of task.bpmn, to which one of our templates is
// applied. shot.mjs drives it through window.modeler.
import ElementTemplateIconRenderer from '@bpmn-io/element-templates-icons-renderer';
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
      CloudElementTemplatesPropertiesProviderModule, CamundaCloudBehaviors, ElementTemplateIconRenderer],
    moddleExtensions: { zeebe },
  });
  window.modeler = modeler;
  await modeler.importXML(xml);
  modeler.get('canvas').zoom('fit-viewport', 'auto');
  const task = modeler.get('elementRegistry').get('call');
  if (!template) return;
  modeler.get('elementTemplatesLoader').setTemplates([template]);
  modeler.get('elementTemplates').setEngines({ camunda: '8.10.0' });
  const found = modeler.get('elementTemplates').getLatest(task);
  if (found.length !== 1) throw new Error(`${found.length} templates are offered for a task`);
  modeler.get('elementTemplates').applyTemplate(task, found[0]);
};

// As the button *Update* of the panel does.
window.update_to = (template) => {
  modeler.get('elementTemplatesLoader').setTemplates([template]);
  modeler.get('elementTemplates').applyTemplate(modeler.get('elementRegistry').get('call'), template);
};

window.select_task = () => {
  modeler.get('selection').select(modeler.get('elementRegistry').get('call'));
};

window.exported = async () => (await modeler.saveXML({ format: true })).xml;

// The labels in the panel as {text: element}; the tooltip of one that the mouse is over stands in it too.
window.labels = () => Object.fromEntries([...document.querySelectorAll('#panel .bio-properties-panel-label')]
  .map((each) => [document.createTreeWalker(each, NodeFilter.SHOW_TEXT).nextNode()?.textContent.trim(), each]));
