import { dashboard } from '../../core/dashboard.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { fmtNumber } from '../../core/format.js';
import { icon } from '../../ui/icon.js';

const COUNTS = ['imported', 'updated', 'unchanged', 'skipped', 'failed'];
const DATASETS = ['users', 'athletes', 'races', 'events', 'registrations', 'results'];

/** More rows than this help nobody on the screen; the file has all that the server reported. */
const ERRORS_SHOWN = 100;

/** A bulk import counts by kind of row and calls new rows a success. */
export function countOf(report, name) {
  if (report[name] !== undefined) return report[name];
  const member = name === 'imported' ? 'success' : name;
  return Object.values(report.results ?? {}).reduce((sum, kind) => sum + (kind[member] ?? 0), 0);
}

const ERROR_COLUMNS = ['row', 'line', 'column', 'code', 'value', 'message'];

/** The refused rows as a file, to go through beside the spreadsheet they came from. */
function saveErrors(report) {
  const service = dashboard.importService;
  const name = `${(report.file_name ?? 'import').replace(/\.\w+$/, '')}-errors.csv`;
  service.downloadFile(new Blob([service.jsonToCsv(report.error_details, ERROR_COLUMNS)], { type: 'text/csv' }), name);
}

/** What an import did, or would do. */
export const ImportReport = ({ report, checked }) => {
  const errors = report.error_details ?? [];
  // A refusal of the whole file is an error, whose status is a number.
  const saved = !checked && typeof report.status === 'string' && countOf(report, 'imported') + countOf(report, 'updated') > 0;
  return html`<div class="stack">
    <div class="spread"><h3>${t(checked ? 'report.would' : saved ? 'report.did' : 'report.nothing')}</h3>
      <span class="muted">${t(checked ? 'report.notSaved' : saved ? 'report.saved' : 'report.notSavedNow')}</span></div>
    <dl class="tally">${COUNTS.map((name) => html`<div key=${name} class=${name}>
      <dd>${fmtNumber(countOf(report, name))}</dd><dt>${t(`report.${name}`)}</dt></div>`)}</dl>
    ${report.results && html`<${ByKind} results=${report.results} />`}
    ${report.same_file_as && html`<p class="soft">${t('report.sameFile')}</p>`}
    ${report.notes?.length > 0 && html`<ul class="notes">
      ${report.notes.map((note, i) => html`<li key=${i}>${typeof note === 'string' ? note : note.message}</li>`)}</ul>`}
    ${errors.length > 0 && html`<${Errors} errors=${errors} truncated=${report.errors_truncated} />`}
    ${errors.length > 0 && html`<button type="button" class="btn start" onClick=${() => saveErrors(report)}>${icon('download')}${t('report.errorFile')}</button>`}
  </div>`;
};
ImportReport.props = ['report', 'checked'];

/** A bulk import holds several kinds of rows. */
const ByKind = ({ results }) => html`<div class="scroll"><table class="table">
  <thead><tr>
    <th scope="col">${t('report.kind')}</th>
    ${['imported', 'updated', 'failed'].map((name) => html`<th key=${name} scope="col" class="num">${t(`report.${name}`)}</th>`)}
  </tr></thead>
  <tbody>${DATASETS.filter((name) => results[name]).map((name) => html`<tr key=${name}>
    <th scope="row">${t(`table.${name}`)}</th>
    <td class="num">${results[name].success}</td>
    <td class="num">${results[name].updated}</td>
    <td class="num">${results[name].failed}</td>
  </tr>`)}</tbody></table></div>`;
ByKind.props = ['results'];

const Errors = ({ errors, truncated }) => html`<div class="errors scroll" tabindex="0" role="region" aria-label=${t('report.errors')}>
  <table class="table">
    <thead><tr>
      <th scope="col" class="num">${t('report.row')}</th>
      <th scope="col">${t('report.problem')}</th>
      <th scope="col" class="opt">${t('report.value')}</th>
    </tr></thead>
    <tbody>${errors.slice(0, ERRORS_SHOWN).map((error, i) => html`<tr key=${i}>
      <td class="num">${error.row}</td>
      <td><span class="state"><span class="dot bad"></span>${error.message}</span></td>
      <td class="soft opt">${error.column && html`<b>${error.column}</b> `}${error.value}</td></tr>`)}</tbody>
  </table>
  ${(truncated || errors.length > ERRORS_SHOWN) && html`<p class="soft more">${t('report.more', { n: ERRORS_SHOWN })}</p>`}
</div>`;
Errors.props = ['errors', 'truncated'];
