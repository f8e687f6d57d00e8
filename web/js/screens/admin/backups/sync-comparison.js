import { fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';

/** @param {{ answer: { equal: boolean, tables: any[] } }} props both sides, table by table */
export const SyncComparison = ({ answer }) => html`<div class="body stack g3">
  <${Notice} tone=${answer.equal ? 'ok' : 'warn'} alert title=${t(answer.equal ? 'sync.equal' : 'sync.different')} />
  <table class="table">
    <thead><tr><th scope="col">${t('sync.table')}</th>
      <th scope="col" class="num">${t('sync.here')}</th><th scope="col" class="num">${t('sync.there')}</th>
      <th scope="col" class="num">${t('sync.differing')}</th></tr></thead>
    <tbody>${answer.tables.map(({ name, here, there, differing }) => html`<tr key=${name}>
      <th scope="row">${hasText(`table.${name}`) ? t(`table.${name}`) : name}</th>
      <td class="num">${fmtNumber(here)}</td><td class="num">${fmtNumber(there)}</td><td class="num">${fmtNumber(differing ?? 0)}</td></tr>`)}</tbody>
  </table>
</div>`;
SyncComparison.props = ['answer'];
