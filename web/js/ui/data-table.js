// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { icon } from './icon.js';
import { Notice } from './notice.js';

/**
 * @typedef {{ key: string, label: string, sort?: string, num?: boolean, opt?: boolean, name?: boolean, cell?: (row: any) => any }} Column
 *   `sort` is the server's name of the order, `opt` columns go away on narrow screens
 */

const SKELETON_ROWS = 8;

/**
 * A table whose pages, order and filters are the server's. While the next page is on its way the old one stays, dimmed.
 * Emits `sort` with the new order, `page` with the new page, `retry`. Slot `empty`: shown when there are no rows.
 */
export const DataTable = {
  props: { label: String, columns: Array, list: Object, perPage: Number },
  emits: ['sort', 'page', 'retry'],
  /** @param {any} props @param {any} context */
  setup(props, { emit, slots }) {
    const list = props.list;

    /** @param {Column} column */
    const head = (column) => {
      const sort = column.sort;
      if (!sort) return html`<th key=${column.key} scope="col" class=${classes(column)}>${column.label}</th>`;
      const up = list.sort.value === sort;
      const down = list.sort.value === `-${sort}`;
      return html`<th key=${column.key} scope="col" class=${classes(column)} aria-sort=${up ? 'ascending' : down ? 'descending' : 'none'}>
        <button type="button"
          onClick=${() => emit('sort', up ? `-${sort}` : sort)}>${column.label}${up ? ' \u2191' : down ? ' \u2193' : ''}</button>
      </th>`;
    };

    /** @param {any} row */
    const line = (row) => html`<tr key=${row.id}>
      ${props.columns.map((/** @type {Column} */ column) => html`<td key=${column.key}
        class=${classes(column)}>${column.cell ? column.cell(row) : row[column.key]}</td>`)}
    </tr>`;

    const skeleton = () => Array.from({ length: SKELETON_ROWS }, (_, i) => html`<tr key=${i}>
      ${props.columns.map((/** @type {Column} */ column) => html`<td key=${column.key} class=${classes(column)}>
        <div class="skeleton"></div></td>`)}
    </tr>`);

    const body = () => {
      if (list.loading.value && !list.rows.value.length) return skeleton();
      return list.rows.value.map(line);
    };

    return () => {
      if (list.error.value) {
        return html`<div class="body"><${Notice} tone="bad" alert title=${t('list.failed')} text=${list.error.value.message}>
          <button type="button" class="btn" onClick=${() => emit('retry')}>${t('common.retry')}</button><//></div>`;
      }
      if (!list.loading.value && !list.rows.value.length) return slots.empty();
      return html`<div class="scroll" tabindex="0" role="region" aria-label=${props.label}>
          <table class="table" aria-busy=${String(list.loading.value)}>
            <thead><tr>${props.columns.map(head)}</tr></thead>
            <tbody>${body()}</tbody>
          </table>
        </div>
        <${Pager} page=${list.page.value} perPage=${props.perPage} total=${list.total.value}
          onPage=${(/** @type {number} */ page) => emit('page', page)} />`;
    };
  },
};

/** @param {Column} column */
const classes = (column) => ({ num: column.num, opt: column.opt, name: column.name });

const Pager = {
  props: { page: Number, perPage: Number, total: Number },
  emits: ['page'],
  /** @param {any} props @param {any} context */
  setup(props, { emit }) {
    return () => {
      const last = Math.max(1, Math.ceil(props.total / props.perPage));
      const from = (props.page - 1) * props.perPage + 1;
      const to = Math.min(props.total, props.page * props.perPage);
      return html`<footer class="pager">
        <span role="status">${props.total ? t('list.range', { from, to, total: props.total }) : ''}</span>
        ${last > 1 && html`<div class="cluster">
          <button type="button" class="btn icon-only" aria-label=${t('list.previous')} disabled=${props.page <= 1}
            onClick=${() => emit('page', props.page - 1)}>${icon('back')}</button>
          <span class="tnum">${t('list.page', { page: props.page, last })}</span>
          <button type="button" class="btn icon-only" aria-label=${t('list.next')} disabled=${props.page >= last}
            onClick=${() => emit('page', props.page + 1)}>${icon('forward')}</button>
        </div>`}
      </footer>`;
    };
  },
};
