import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { set } from './mending.js';

const ENCODINGS = ['utf-8', 'windows-1252', 'utf-16le', 'utf-16be'];
const DELIMITERS = [',', ';', '\t', '|'];
const ROWS = 5;

/** How the file was read: what was found out, what may be changed, and its first rows. */
export const Reading = ({ preview }) => {
  const isText = preview.format !== 'xlsx' && !/\.xls[xm]$/i.test(dashboard.importFile?.name ?? '');
  const { encoding, delimiter } = dashboard.importReading;
  const facts = [
    isText && preview.encoding && t('reading.text', { encoding: t(`encoding.${preview.encoding}`), delimiter: t(`delimiter.${preview.delimiter}`) }),
    preview.sheet && t('reading.sheet', { sheet: preview.sheet }),
    preview.header_row && t('reading.header', { row: String(preview.header_row) }),
  ].filter(Boolean);
  return html`<details class="fold">
    <summary><span>${t('reading.title')}</span><span class="muted">${facts.join(' · ')}</span></summary>
    ${isText && html`<div class="form-grid">
      ${choice('encoding', encoding || preview.encoding || '', ENCODINGS)}
      ${choice('delimiter', delimiter || preview.delimiter || '', DELIMITERS)}
    </div>`}
    ${preview.rows?.length > 0 && html`<${FirstRows} preview=${preview} />`}
  </details>`;
};
Reading.props = ['preview'];

const choice = (name, value, known) => html`<div class="field half">
  <label for=${`import-${name}`}>${t(`reading.${name}`)}</label>
  <select class="input" id=${`import-${name}`} value=${value} onChange=${(event) => set({ [name]: event.target.value })}>
    ${!value && html`<option value="">${t('reading.unknown')}</option>`}
    ${[...new Set([...known, value])].filter(Boolean).map((one) => html`<option key=${one} value=${one}>${t(`${name}.${one}`)}</option>`)}
  </select>
</div>`;

const FirstRows = ({ preview }) => html`<div class="scroll boxed" tabindex="0" role="region" aria-label=${t('reading.rows')}>
  <table class="table cells">
    <thead><tr>${preview.header.map((heading, i) => html`<th key=${i} scope="col">${heading}</th>`)}</tr></thead>
    <tbody>${preview.rows.slice(0, ROWS).map((row, i) => html`<tr key=${i}>
      ${preview.header.map((_, column) => html`<td key=${column}>${row[column]}</td>`)}</tr>`)}</tbody>
  </table>
</div>`;
FirstRows.props = ['preview'];
