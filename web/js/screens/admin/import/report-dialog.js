import { onMounted } from '../../../core/vue.js';
import { read } from '../../../core/api.js';
import { fmtMoment } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { Dialog } from '../../../ui/dialog.js';
import { Notice } from '../../../ui/notice.js';
import { ImportReport } from './report.js';

/** The report of an earlier import, as it was. Emits `close`. */
export const ReportDialog = {
  props: { id: Number },
  emits: ['close'],
  setup(props, { emit }) {
    const { value, error, load } = usePart((signal) => read(`/api/admin/imports/${props.id}`, { signal }));
    onMounted(load);
    const about = (entry) => t('report.by', { who: entry.user_name ?? t('report.nobody'), when: fmtMoment(entry.started_at) });
    const body = () => {
      if (error.value) {
        return html`<${Notice} tone="bad" alert title=${t('report.notLoaded')} text=${error.value.message}>
          <button type="button" class="btn" onClick=${load}>${t('common.retry')}</button><//>`;
      }
      const entry = value.value?.import;
      if (!entry) return html`<div class="skeleton tall"></div>`;
      return html`<div class="stack import">
        ${entry.state === 'undone' && html`<${Notice} title=${t('report.undone')} text=${t('report.undoneText')} />`}
        ${entry.state === 'interrupted' && html`<${Notice} tone="warn" title=${t('report.interrupted')} text=${t('report.interruptedText')} />`}
        ${entry.report ? html`<${ImportReport} report=${{ import_id: entry.id, ...entry.report }} dataset=${entry.dataset} past />`
          : html`<p>${t('report.none')}</p>`}
      </div>`;
    };
    return () => html`<${Dialog} drawer title=${value.value?.import.file_name ?? t('report.title')}
      text=${value.value && about(value.value.import)} onClose=${() => emit('close')}>${{
      default: body,
      footer: () => html`<button type="button" class="btn primary" onClick=${() => emit('close')}>${t('common.close')}</button>`,
    }}<//>`;
  },
};
