import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { fieldName } from './field-names.js';

/** So few are shown without a press. */
const FEW = 5;

/** Stored rows that would be changed, cell by cell. */
export const Changes = ({ changes, changed }) => html`<details class="fold" open=${changed <= FEW}>
  <summary><span>${t('changes.title')}</span><span class="muted">${t('changes.count', { n: changed })}</span></summary>
  <div class="scroll boxed tall"><table class="table changes">
    <thead><tr>
      <th scope="col" class="num">${t('report.row')}</th>
      <th scope="col">${t('changes.who')}</th>
      <th scope="col">${t('changes.cells')}</th>
    </tr></thead>
    <tbody>${changes.map((change) => html`<tr key=${`${change.entity} ${change.row} ${change.id}`}>
      <td class="num">${change.row}</td>
      <td class="name">${change.label}</td>
      <td><ul>${change.cells.map(line)}</ul></td>
    </tr>`)}</tbody>
  </table></div>
  ${changed > changes.length && html`<p class="small soft">${t('changes.more', { n: changes.length })}</p>`}
</details>`;
Changes.props = ['changes', 'changed'];

const line = ({ field, before, after }) => html`<li key=${field}>
  <span class="muted">${fieldName(field)}</span> <del>${cell(before)}</del>
  <span aria-hidden="true"> → </span><span class="sr">${t('check.becomes')}</span> <ins>${cell(after)}</ins></li>`;

function cell(value) {
  if (value === null || value === '') return t('check.blank');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
