import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { locale, t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { columnsOf, fieldOf, isDoubtful, isGuess } from './column-facts.js';
import { fieldName } from './field-names.js';
import { checking, preview } from './flow.js';
import { forget, match } from './mending.js';
import { NamesTurned } from './names-turned.js';
import { Reading } from './reading.js';

const SAMPLES = 3;

/** The second step: what each column was taken for, with samples and the reason; each may be taken for something else. */
export const Columns = () => {
  const found = preview.value;
  if (!found) return null;
  const columns = columnsOf(found) ?? [];
  const { mapping } = dashboard.importReading;
  const fields = [...new Set(found.fields ?? [])];
  const isKnown = Boolean(found.columns);
  const used = columns.filter((column) => fieldOf(column, mapping));
  return html`<div class="stack g5 match-up" aria-busy=${String(checking.value)}>
    <div class="spread"><h3 tabindex="-1" data-start>${t(found.usable ? 'columns.title' : 'check.unusable')}</h3>
      <span class="muted">${t('columns.used', { used: used.length, n: columns.length })}</span></div>
    ${found.usable ? html`<${Recognised} columns=${columns} used=${used} />`
      : html`<${Notice} tone="warn" alert title=${found.problem} text=${t('check.unusableText')} />`}
    ${found.mapping_remembered && html`<${Notice} title=${t('columns.remembered')}>
      <button type="button" class="btn" onClick=${forget}>${t('columns.forget')}</button><//>`}
    ${found.names_turned && html`<${NamesTurned} turned=${found.names_turned} />`}
    <div class="scroll boxed" tabindex="0" role="region" aria-label=${t('columns.title')}><table class=${['table columns', !isKnown && 'bare']}>
      <thead><tr>
        <th scope="col">${t('columns.heading')}</th>
        <th scope="col">${t('columns.field')}</th>
        ${isKnown && html`<th scope="col">${t('columns.samples')}</th><th scope="col" class="opt">${t('columns.reason')}</th>`}
      </tr></thead>
      <tbody>${columns.map((column, index) => line(column, index, fields, isKnown, mapping))}</tbody>
    </table></div>
    <p class="small soft">${t('columns.kept')}</p>
    <${Reading} preview=${found} />
  </div>`;
};

/** What was recognised, what was guessed, and what is left out. */
const Recognised = ({ columns, used }) => {
  const guesses = columns.filter(isGuess);
  const unused = columns.filter((column) => !used.includes(column) && column.samples.length);
  const nameOf = ({ heading }) => t('columns.quoted', { heading: heading || t('columns.noHeading') });
  const names = (some) => new Intl.ListFormat(locale()).format(some.map(nameOf));
  const words = [
    guesses.length && t('columns.guessed', { n: guesses.length, list: names(guesses) }),
    unused.length && t('columns.left', { n: unused.length, list: names(unused) }),
  ].filter(Boolean).join(' ');
  return html`<${Notice} tone=${guesses.length ? 'warn' : 'ok'} title=${t('columns.recognised', { used: used.length, n: columns.length })}
    text=${words || t('columns.all')} />`;
};
Recognised.props = ['columns', 'used'];

const line = (column, index, fields, isKnown, mapping) => {
  const { heading, samples } = column;
  const field = fieldOf(column, mapping);
  return html`<tr key=${index} class=${{ unused: !field }}>
    <th scope="row" class="name">${heading || html`<i class="muted">${t('columns.noHeading')}</i>`}
      ${isKnown && html`<small class="narrow soft">${samples.slice(0, SAMPLES).join(' · ')}</small>`}</th>
    <td class="goes"><span class="arrow" aria-hidden="true">${icon('forward')}</span>
      <select class="input" aria-label=${t('columns.fieldOf', { heading })} value=${field} onChange=${(event) => match(heading, event.target.value)}>
        <option value="">${t('columns.unused')}</option>
        ${fields.map((one) => html`<option key=${one} value=${one}>${fieldName(one)}</option>`)}
      </select></td>
    ${isKnown && html`<td class="samples soft"><div>${samples.slice(0, SAMPLES).map((sample, i) => html`<span key=${i} title=${sample}>${sample}</span>`)}</div></td>
    <td class="soft small opt">${why(column)}</td>`}
  </tr>`;
};

/** How sure the server is, and why. */
const why = (column) => column.reason && html`<span class="state">
  <span class=${['dot', isDoubtful(column) ? 'warn' : column.field ? '' : 'off']}></span><span>${column.reason}${percent(column)}</span></span>`;

const percent = ({ confidence }) => confidence > 0 && confidence < 100
  && html` <span class="muted tnum">${t('columns.percent', { n: confidence })}</span>`;
