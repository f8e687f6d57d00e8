import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { countedRow } from './row-place.js';

const SHOWN = 100;

/** Rows that are taken although something about them is odd. */
export const Warnings = ({ warnings }) => html`<details class="fold" open>
  <summary><span>${t('check.warnings')}</span><span class="muted">${t('check.notesCount', { n: warnings.length })}</span></summary>
  <div class="scroll boxed"><table class="table">
    <thead><tr><th scope="col" class="num">${t('report.row')}</th><th scope="col">${t('report.problem')}</th></tr></thead>
    <tbody>${warnings.slice(0, SHOWN).map((warning, at) => html`<tr key=${at}>
      <td class="num">${countedRow(warning)}</td>
      <td><span class="state"><span class="dot warn"></span>${warning.message}</span></td></tr>`)}</tbody>
  </table></div>
  ${warnings.length > SHOWN && html`<p class="soft more">${t('report.more', { n: SHOWN })}</p>`}
</details>`;
Warnings.props = ['warnings'];
