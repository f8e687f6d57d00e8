import { dashboard } from '../../../core/dashboard.js';
import { fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { Consequences } from './consequences.js';
import { countOf, keptBy } from './counts.js';
import { Download } from './download.js';
import { placeOf } from './row-place.js';
import { Warnings } from './warnings.js';

const DATASETS = ['users', 'athletes', 'races', 'events', 'registrations', 'results'];

/** More rows than this help nobody on the screen; the file has all of them. */
const ERRORS_SHOWN = 100;

/** Where the rows of a kind are seen. */
const PLACES = {
  athletes: '/admin/athletes',
  races: '/admin/races',
  events: '/admin/events',
  registrations: '/admin/registrations',
  results: '/admin/results',
  users: '/admin/users',
};

/** What an import did. */
export const ImportReport = ({ report, dataset, past }) => {
  const errors = report.error_details ?? [];
  // A refusal of the whole file is an error, whose status is a number.
  const saved = typeof report.status === 'string' && keptBy(report) > 0;
  const failed = countOf(report, 'failed');
  return html`<div class="stack">
    <div class="spread"><h3 tabindex="-1" data-start>${t(past ? 'report.title' : saved ? 'report.did' : 'report.nothing')}</h3>
      <span class="muted">${!past && t(saved ? 'report.saved' : 'report.notSavedNow')}</span></div>
    <${Consequences} report=${report} />
    ${saved && !past && PLACES[dataset] && html`<p><a class="link" href=${PLACES[dataset]} onClick=${closeDialog}>${t(`report.see.${dataset}`)}</a></p>`}
    ${report.results && html`<${ByKind} results=${report.results} />`}
    ${report.athletes_created > 0 && html`<p class="soft">${t('report.athletesCreated', { n: report.athletes_created })}</p>`}
    ${report.same_file_as && html`<p class="soft">${t('report.sameFile')}</p>`}
    ${report.notes?.length > 0 && html`<ul class="notes">
      ${report.notes.map((note, i) => html`<li key=${i}>${typeof note === 'string' ? note : note.message}</li>`)}</ul>`}
    ${report.warnings?.length > 0 && html`<${Warnings} warnings=${report.warnings} />`}
    ${failed > 0 && report.import_id && html`<div class="stack g3">
      <div class="spread"><h3>${t('report.errors')}</h3>
        <div class="cluster"><${Download} path=${`/api/admin/imports/${report.import_id}/errors.csv`}>${icon('download')}${t('report.errorFile')}<//></div></div>
      <p class="soft small">${t('report.errorFileText')}</p>
    </div>`}
    ${errors.length > 0 && html`<${Errors} errors=${errors} sentences=${report.errors ?? []} failed=${failed} />`}
  </div>`;
};
ImportReport.props = ['report', 'dataset', 'past'];

/** A link out of the dialog closes it. */
const closeDialog = () => {
  dashboard.showImportModal = false;
};

/** A bulk import holds several kinds of rows. */
export const ByKind = ({ results }) => html`<div class="scroll boxed"><table class="table">
  <thead><tr>
    <th scope="col">${t('report.kind')}</th>
    ${['imported', 'updated', 'failed'].map((name) => html`<th key=${name} scope="col" class="num">${t(`report.${name}`)}</th>`)}
  </tr></thead>
  <tbody>${DATASETS.filter((name) => results[name]).map((name) => html`<tr key=${name}>
    <th scope="row">${t(`table.${name}`)}</th>
    <td class="num">${fmtNumber(results[name].success)}</td>
    <td class="num">${fmtNumber(results[name].updated)}</td>
    <td class="num">${fmtNumber(results[name].failed)}</td>
  </tr>`)}</tbody></table></div>`;
ByKind.props = ['results'];

const Errors = ({ errors, sentences, failed }) => html`<div class="errors scroll" tabindex="0" role="region" aria-label=${t('report.errors')}>
  <table class="table">
    <thead><tr>
      <th scope="col" class="num">${t('report.row')}</th>
      <th scope="col">${t('report.problem')}</th>
      <th scope="col" class="opt">${t('report.value')}</th>
    </tr></thead>
    <tbody>${errors.slice(0, ERRORS_SHOWN).map((error, i) => html`<tr key=${i}>
      <td class="num">${placeOf(error, sentences[i])}</td>
      <td><span class="state"><span class="dot bad"></span>${error.message}</span></td>
      <td class="soft opt">${error.column && html`<b>${error.column}</b> `}${error.value}</td></tr>`)}</tbody>
  </table>
  ${failed > ERRORS_SHOWN && html`<p class="soft more">${t('report.more', { n: ERRORS_SHOWN })}</p>`}
</div>`;
Errors.props = ['errors', 'sentences', 'failed'];
