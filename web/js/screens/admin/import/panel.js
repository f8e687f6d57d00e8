import { ref } from '../../../core/vue.js';
import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { again, step } from './flow.js';
import { addFiles } from './queue.js';

/** Opens the import; files may be dropped on it at once. */
export const ImportPanel = {
  setup() {
    const over = ref(false);
    const drop = (event) => {
      event.preventDefault();
      over.value = false;
      if (!event.dataTransfer.files.length) return;
      if (step.value === 'done') again();
      void addFiles(event.dataTransfer.files);
      dashboard.showImportModal = true;
    };
    const drag = (event) => {
      event.preventDefault();
      over.value = true;
    };
    return () => html`<section class="panel" aria-labelledby="import-title">
      <header><h2 id="import-title">${t('import.title')}</h2></header>
      <div class="body">
        <div class=${['drop', over.value && 'over']} onDragover=${drag} onDragleave=${() => (over.value = false)} onDrop=${drop}>
          <p>${t('import.panelText')}</p>
          <button type="button" class="btn primary"
            onClick=${() => (dashboard.showImportModal = true)}>${icon('upload')}${t('import.open')}</button>
        </div>
      </div>
    </section>`;
  },
};
