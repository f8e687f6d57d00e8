import { computed, ref } from '../../core/vue.js';
import { dashboard } from '../../core/dashboard.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { may } from '../../core/session.js';
import { icon } from '../../ui/icon.js';
import { Notice } from '../../ui/notice.js';
import { toast } from '../../ui/toast.js';

const TABLES = ['csv', 'xlsx', 'json', 'ndjson'];
const EVERYTHING = { athletes: TABLES, registrations: TABLES, results: TABLES, events: TABLES, races: TABLES, users: TABLES, all: ['json', 'xlsx'] };

/** Who may not administer gets what everybody may see. */
const PUBLIC = { athletes: ['csv'], races: ['csv'] };

/** Saves one file. What goes wrong is said by the button, which offers to try again. */
export const ExportButton = {
  props: { kind: String, format: String, label: String, primary: Boolean },
  setup(props) {
    const busy = ref(false);
    const problem = ref('');
    const save = async () => {
      busy.value = true;
      problem.value = '';
      try {
        await dashboard.performExport(props.kind, props.format);
        toast(t('export.done', { kind: t(`export.kind.${props.kind}`) }));
      } catch (error) {
        problem.value = error.message;
      } finally {
        busy.value = false;
      }
    };
    return () => html`<button type="button" class=${['btn', props.primary && 'primary']} disabled=${busy.value}
      onClick=${save}>${icon('download')}${busy.value ? t('export.busy') : props.label}</button>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('export.failed')} text=${problem.value} />`}`;
  },
};

/** What, and in which form. */
export const ExportPanel = {
  setup() {
    const offered = computed(() => (may('admin') ? EVERYTHING : PUBLIC));
    const kind = ref('athletes');
    const wish = ref('csv');
    // A kind that does not come in the wished form comes in its first.
    const format = computed(() => (offered.value[kind.value].includes(wish.value) ? wish.value : offered.value[kind.value][0]));

    const select = (name, label, values, value, choose, text) => html`<div class="field half">
      <label for=${`export-${name}`}>${label}</label>
      <select class="input" id=${`export-${name}`} value=${value} onChange=${(event) => choose(event.target.value)}>
        ${values.map((one) => html`<option key=${one} value=${one}>${text(one)}</option>`)}
      </select></div>`;

    return () => html`<section class="panel" aria-labelledby="export-title">
      <header><h2 id="export-title">${t('export.title')}</h2></header>
      <div class="body stack">
        <div class="form-grid">
          ${select('kind', t('export.what'), Object.keys(offered.value), kind.value, (one) => (kind.value = one), (one) => t(`export.kind.${one}`))}
          ${select('format', t('export.format'), offered.value[kind.value], format.value, (one) => (wish.value = one), (one) => t(`format.${one}`))}
        </div>
        <p class="soft small">${t(`export.hint.${format.value}`)}</p>
        <div class="cluster"><${ExportButton} primary kind=${kind.value} format=${format.value} label=${t('export.download')} /></div>
      </div>
    </section>`;
  },
};
