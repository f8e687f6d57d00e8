import { onMounted } from '../../../core/vue.js';
import { read } from '../../../core/api.js';
import { fmtAgo, fmtClock, fmtDate } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { Dialog } from '../../../ui/dialog.js';
import { Notice } from '../../../ui/notice.js';
import { Differences } from './differences.js';
import { fieldName, valueText } from './fields.js';
import { placeOfRow } from './place.js';
import { sentenceOf, whoOf } from './sentence.js';

/** One row of the log, in words. A row that was opened by its address is looked for by its number. */
export const AuditDrawer = {
  props: { seq: Number, row: Object },
  emits: ['close'],
  setup(props, { emit }) {
    const found = usePart((signal) => findRow(props.seq, signal));
    onMounted(() => props.row ?? found.load());

    return () => {
      const row = props.row ?? found.value.value;
      const error = found.error.value;
      return html`<${Dialog} drawer title=${row ? sentenceOf(row) : t('audit.row', { seq: String(props.seq) })} onClose=${() => emit('close')}>${{
        default: () => [
          error && html`<${Notice} tone="bad" alert title=${t('form.notLoaded')} text=${error.message} />`,
          !row && !error && html`<div class="skeleton tall"></div>`,
          row && detail(row),
        ],
        footer: () => [
          row && placeOfRow(row) && html`<a class="btn push" href=${placeOfRow(row)}>${t('audit.goTo')}</a>`,
          html`<button type="button" class="btn" onClick=${() => emit('close')}>${t('common.close')}</button>`,
        ],
      }}<//>`;
    };
  },
};

/** Numbers are given without gaps, oldest first, a hundred to a page. */
async function findRow(seq, signal) {
  const perPage = 100;
  const query = { sort: 'seq', perPage, page: Math.ceil(seq / perPage) };
  const answer = await read('/api/admin/audit-logs', { query, signal });
  const row = answer.audit_logs.find((one) => one.seq === seq);
  if (!row) throw new Error(t('audit.rowGone', { seq: String(seq) }));
  return row;
}

function detail(row) {
  const told = Object.entries(row.details ?? {}).filter(([, value]) => value !== null && value !== '');
  const facts = [
    [t('audit.who'), whoOf(row)],
    [t('audit.when'), `${fmtDate(row.createdAt)}, ${fmtClock(new Date(row.createdAt))} (${fmtAgo(row.createdAt)})`],
    [t('audit.action'), hasText(`audit.action.${row.action}`) ? t(`audit.action.${row.action}`) : row.action],
    [t('audit.from'), row.ipAddress],
    ...told.map(([key, value]) => [fieldName(key), valueText(value, key)]),
  ].filter(([, value]) => value);
  return html`<dl class="facts audit-facts">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    ${(row.before || row.after) && html`<${Differences} row=${row} />`}
    <details class="raw"><summary>${t('audit.raw')}</summary>
      <p class="small soft path">${t('audit.hash', { seq: String(row.seq), hash: row.hash })}</p>
      <pre tabindex="0">${JSON.stringify({ before: row.before, after: row.after, details: row.details }, null, 2)}</pre></details>`;
}
