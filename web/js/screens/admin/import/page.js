import { onUnmounted, watch } from '../../../core/vue.js';
import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { route, setQuery } from '../../../core/router.js';
import { WizardButtons } from './buttons.js';
import { fileLine } from './file-line.js';
import { again, goTo, step } from './flow.js';
import { ImportHistory } from './history.js';
import { KINDS } from './kinds.js';
import { chooseKind, current } from './queue.js';
import { Wizard } from './wizard.js';

/** The import as a page: its step stands in the address, the imports so far below. */
export const Screen = {
  setup() {
    const kind = route.value.query.get('kind');
    if (!current.value && KINDS.includes(kind)) chooseKind(kind);
    const inAddress = () => route.value.query.get('step') ?? 'file';
    const isAsked = route.value.query.has('step');
    const show = (replace) => setQuery({ step: step.value === 'file' ? null : step.value }, { replace });
    // Without a step in the address the work goes on where it was left. A reload has no file any more, and an import under way is
    // not left by going back.
    if (inAddress() !== step.value && !(isAsked && goTo(inAddress()))) show(true);
    watch(step, () => show(step.value === 'done'));
    watch(inAddress, (name) => {
      if (route.value.path === '/admin/import' && name !== step.value && !goTo(name)) show(true);
    });
    onUnmounted(() => step.value === 'done' && again());

    const panel = () => html`<section class="panel wizard" aria-labelledby="import-title">
      <header><h2 id="import-title">${t('import.dialogTitle')}</h2></header>
      <div class="body"><${Wizard} /></div>
      <footer><${WizardButtons} /></footer>
    </section>`;

    return () => html`<div class="page narrow">
      <div class="page-head"><div><h1>${t('import.title')}</h1><p>${fileLine(t('import.pageText'))}</p></div></div>
      ${dashboard.showImportModal ? html`<p class="soft">${t('import.inDialog')}</p>` : panel()}
      <${ImportHistory} whole />
    </div>`;
  },
};
