// @ts-check
import { nextTick, onUnmounted, ref, shallowRef } from '../core/vue.js';
import { read } from '../core/api.js';
import { fmtMoment } from '../core/format.js';
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';

/** A longer list than this is a file to export, not paper. */
const MOST = 2000;
/** Enough of a hash to compare by eye. */
const SHOWN_OF_HASH = 12;

/**
 * The newest row of the audit log and the beginning of its hash. On paper they prove later that no earlier row was changed.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<string>} empty where the server does not say it
 */
async function chainHead(signal) {
  const { audit_head: head } = await read('/api/admin/database/health', { quiet: true, signal }).catch(() => ({}));
  return head?.hash ? t('print.chain', { seq: String(head.seq), head: head.hash.slice(0, SHOWN_OF_HASH) }) : '';
}

/**
 * A button that prints all rows of the present filter, not only those in view. They are read first, because a page cannot fetch any more
 * once the browser prints.
 *
 * Props: `title`, `filters` in words, `columns` and `source` of the table, `count` in words.
 */
export const PrintButton = {
  props: { title: String, filters: String, columns: { type: Array, required: true }, source: { type: Object, required: true }, count: String },
  /** @param {any} props */
  setup(props) {
    const rows = shallowRef(/** @type {any[] | null} */ (null));
    const busy = ref(false);
    const problem = ref('');
    const head = ref('');
    const controller = new AbortController();
    const done = () => {
      rows.value = null;
      document.documentElement.classList.remove('printing-list');
    };
    addEventListener('afterprint', done);
    onUnmounted(() => {
      removeEventListener('afterprint', done);
      controller.abort();
      done();
    });

    const print = async () => {
      busy.value = true;
      problem.value = '';
      try {
        const last = Math.min(MOST, props.source.total.value ?? 0) - 1;
        const { signal } = controller;
        const all = last < 0 ? [] : props.source.rowsBetween(0, last, signal);
        [rows.value, head.value] = await Promise.all([all, chainHead(signal)]);
        document.documentElement.classList.add('printing-list');
        await nextTick();
        window.print();
      } catch (/** @type {any} */ error) {
        problem.value = error.message;
      } finally {
        busy.value = false;
      }
    };

    /** @param {any} row @param {import('./vtable.js').Column} column */
    const content = (row, column) => column.text?.(row) ?? column.cell?.(row) ?? row[column.key];

    const sheet = () => html`<section class="print-list">
      <h1>${props.title}</h1>
      <p>${[props.filters, props.count, fmtMoment(new Date().toISOString())].filter(Boolean).join(' · ')}</p>
      ${(props.source.total.value ?? 0) > MOST && html`<p><b>${t('table.printCut', { n: MOST, total: props.source.total.value })}</b></p>`}
      <table class="table">
        <thead><tr>${props.columns.map((/** @type {any} */ column) => html`<th key=${column.key} scope="col"
          class=${{ num: column.num }}>${column.label}</th>`)}</tr></thead>
        <tbody>${rows.value?.map((row) => html`<tr key=${row.id}>${props.columns.map((/** @type {any} */ column) => html`<td
          key=${column.key} class=${{ num: column.num }}>${content(row, column)}</td>`)}</tr>`)}</tbody>
      </table>
      ${head.value && html`<p class="chain-head">${head.value}</p>`}
    </section>`;

    return () => html`<button type="button" class="btn ghost icon-only" aria-label=${t('table.print')} title=${t('table.print')}
        disabled=${busy.value || !props.source.total.value} onClick=${print}>${icon('print')}</button>
      ${problem.value && html`<span class="err small" role="alert">${t('table.notPrinted', { why: problem.value })}</span>`}
      ${rows.value && sheet()}`;
  },
};
