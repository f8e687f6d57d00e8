import { fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { TABLES } from '../health/words.js';

/** The log only grows: how many rows it has says nothing about a meet. */
const SHOWN = TABLES.filter((table) => table !== 'audit_logs');

/**
 * How many rows of each kind there are on one side and on the other, and the difference.
 *
 * @param {{ left: { title: string, counts: Record<string, number> }, right: { title: string, counts: Record<string, number> } }} props
 */
export const CountsTable = ({ left, right }) => html`<table class="table counts">
  <thead><tr><th scope="col"><span class="sr">${t('restore.kind')}</span></th><th scope="col" class="num">${left.title}</th>
    <th scope="col" class="num">${right.title}</th><th scope="col" class="num">${t('restore.difference')}</th></tr></thead>
  <tbody>${SHOWN.map((table) => line(table, left.counts[table] ?? 0, right.counts[table] ?? 0))}</tbody>
</table>`;
CountsTable.props = ['left', 'right'];

const line = (table, before, after) => html`<tr key=${table}><th scope="row">${t(`table.${table}`)}</th>
  <td class="num">${fmtNumber(before)}</td><td class="num">${fmtNumber(after)}</td>
  <td class="num">${after === before ? html`<span class="muted">${t('restore.same')}</span>` : html`<b>${signed(after - before)}</b>`}</td></tr>`;

const signed = (n) => (n < 0 ? '\u2212' : '+') + fmtNumber(Math.abs(n));
