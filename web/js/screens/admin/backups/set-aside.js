import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';

/** @param {{ rows: any[], count: number }} props rows that the other server refuses, and why */
export const SetAside = ({ rows, count }) => html`<div class="body stack g3">
  <${Notice} tone="warn" title=${t('sync.setAside', { n: count })} text=${t('sync.setAsideText')} />
  <table class="table">
    <thead><tr><th scope="col">${t('sync.row')}</th><th scope="col">${t('sync.reason')}</th></tr></thead>
    <tbody>${rows.map(({ table, id, message }) => html`<tr key=${`${table}-${id}`}>
      <th scope="row">${hasText(`table.${table}`) ? t(`table.${table}`) : table} ${id}</th><td>${message}</td></tr>`)}</tbody>
  </table>
</div>`;
SetAside.props = ['rows', 'count'];
