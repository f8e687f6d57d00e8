import { ref } from '../../../core/vue.js';
import { isAbort } from '../../../core/api.js';
import { dashboard } from '../../../core/dashboard.js';
import { fmtBytes } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { toast } from '../../../ui/toast.js';

/**
 * Saves one file. What goes wrong is said by the button, which offers to try again.
 *
 * Props: `kind`, `format`, `label`; `query` the columns and filters; `total` the number of rows, where it is known: then it says how
 * far it is, and may be stopped.
 */
export const ExportButton = {
  props: { kind: String, format: String, label: String, primary: Boolean, query: Object, total: Number },
  setup(props) {
    const progress = ref(null);
    const problem = ref('');
    let controller = new AbortController();
    const save = async () => {
      controller = new AbortController();
      progress.value = { bytes: 0, rows: 0 };
      problem.value = '';
      const onProgress = (now) => (progress.value = now);
      try {
        await dashboard.performExport(props.kind, props.format, { query: props.query, signal: controller.signal, onProgress });
        toast(t('export.done', { kind: t(`export.kind.${props.kind}`) }));
      } catch (error) {
        problem.value = isAbort(error) ? '' : error.message;
      } finally {
        progress.value = null;
      }
    };

    const hasLines = () => ['csv', 'ndjson'].includes(props.format) && props.total > 0;
    const amount = () => {
      const { bytes, rows } = progress.value;
      if (hasLines()) return t('export.rowsSoFar', { rows: Math.min(rows, props.total), n: props.total, size: fmtBytes(bytes) });
      return t('export.soFar', { size: fmtBytes(bytes) });
    };
    const far = () => html`<div class="export-progress">
      <progress class="progress" max=${hasLines() ? props.total : 1} value=${hasLines() ? progress.value.rows : null} aria-label=${t('export.busy')}></progress>
      <span class="small soft tnum">${amount()}</span>
      <button type="button" class="btn" onClick=${() => controller.abort()}>${t('import.stop')}</button>
    </div>`;

    return () => html`<button type="button" class=${['btn', props.primary && 'primary']} disabled=${progress.value !== null}
      onClick=${save}>${icon('download')}${progress.value ? t('export.busy') : props.label}</button>
      ${progress.value && props.total !== undefined && far()}
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('export.failed')} text=${problem.value}>
        <button type="button" class="btn" onClick=${save}>${t('common.retry')}</button><//>`}`;
  },
};
