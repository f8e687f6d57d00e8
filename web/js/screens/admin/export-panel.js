import { ref } from '../../core/vue.js';
import { dashboard } from '../../core/dashboard.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { may } from '../../core/session.js';
import { icon } from '../../ui/icon.js';
import { Notice } from '../../ui/notice.js';
import { toast } from '../../ui/toast.js';

/** Saves one file. What goes wrong is said by the button, which offers to try again. */
export const ExportButton = {
  props: { kind: String, label: String },
  setup(props) {
    const busy = ref(false);
    const problem = ref('');
    const save = async () => {
      busy.value = true;
      problem.value = '';
      try {
        await dashboard.performExport(props.kind);
        toast(t(`export.done.${props.kind}`));
      } catch (error) {
        problem.value = error.message;
      } finally {
        busy.value = false;
      }
    };
    return () => html`<button type="button" class="btn" disabled=${busy.value}
      onClick=${save}>${icon('download')}${busy.value ? t('export.busy') : props.label}</button>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('export.failed')} text=${problem.value} />`}`;
  },
};

export const ExportPanel = () => {
  const kinds = may('admin') ? ['athletes', 'races', 'all'] : ['athletes', 'races'];
  return html`<section class="panel" aria-labelledby="export-title">
    <header><h2 id="export-title">${t('export.title')}</h2></header>
    <ul class="rows">${kinds.map((kind) => html`<li key=${kind}>
      <span class="grow"><b>${t(`export.kind.${kind}`)}</b><small>${t(`export.format.${kind}`)}</small></span>
      <${ExportButton} kind=${kind} label=${t(`export.save.${kind}`)} />
    </li>`)}</ul>
  </section>`;
};
