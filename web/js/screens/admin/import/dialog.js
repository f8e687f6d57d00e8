import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Dialog } from '../../../ui/dialog.js';
import { WizardButtons } from './buttons.js';
import { again, step } from './flow.js';
import { fileLine } from './file-line.js';
import { busy } from './undoing.js';
import { Wizard } from './wizard.js';

/** The import over any page, as long as `dashboard.showImportModal` says so. What was begun is still there when it opens again. */
export const ImportDialog = {
  setup() {
    const close = () => {
      if (busy.value) return;
      dashboard.showImportModal = false;
      if (step.value === 'done') again();
    };
    return () => html`<${Dialog} huge title=${t('import.dialogTitle')} text=${fileLine(t('import.dialogText'))} onClose=${close}>${{
      default: () => html`<${Wizard} />`,
      footer: () => html`<${WizardButtons} onClose=${close} />`,
    }}<//>`;
  },
};
