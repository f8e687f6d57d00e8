import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';
import { Changes } from './changes.js';
import { Consequences, inWords } from './consequences.js';
import { countOf } from './counts.js';
import { checking, preview } from './flow.js';
import { NamesTurned } from './names-turned.js';
import { Options } from './options.js';
import { Problems } from './problems.js';
import { Repairs } from './repairs.js';
import { ByKind } from './report.js';
import { Warnings } from './warnings.js';

/** The third step: what an import would do, and everything that may be put right before it. Nothing is stored. */
export const Check = () => {
  const found = preview.value;
  if (!found) {
    return html`<div class="stack" role="status"><h3 tabindex="-1" data-start>${t('check.first')}</h3>
      <progress class="progress" aria-label=${t('import.progress')}></progress>
      <div class="skeleton tall"></div><div class="skeleton tall"></div></div>`;
  }
  const busy = checking.value;
  return html`<div class="stack g5 check-up" aria-busy=${String(busy)}>
    <progress class=${['progress thin', !busy && 'still']} aria-hidden="true"></progress>
    <div class="stack g3">
      <div class="spread"><h3 tabindex="-1" data-start>${t('report.would')}</h3><span class="muted">${t('report.notSaved')}</span></div>
      <${Consequences} report=${found} />
      <p class="soft">${inWords(found, dashboard.importMode)}</p>
      <p class="sr" role="status">${!busy && t('check.spoken',
        { imported: found.new, updated: countOf(found, 'updated'), failed: found.refused })}</p>
      ${found.results && html`<${ByKind} results=${found.results} />`}
      ${found.same_file_as && html`<${Notice} tone="warn" title=${t('report.sameFile')} text=${t('check.sameFileText')} />`}
      ${found.names_turned && html`<${NamesTurned} turned=${found.names_turned} />`}
    </div>
    <${Repairs} />
    ${found.problems?.length > 0 && html`<${Problems} preview=${found} />`}
    ${found.warnings?.length > 0 && html`<${Warnings} warnings=${found.warnings} />`}
    ${found.changes?.length > 0 && html`<${Changes} changes=${found.changes} changed=${found.changed} />`}
    ${found.notes?.length > 0 && html`<details class="fold"><summary><span>${t('check.notes')}</span>
      <span class="muted">${t('check.notesCount', { n: found.notes.length })}</span></summary>
      <ul class="notes">${found.notes.map((note, i) => html`<li key=${i}>${typeof note === 'string' ? note : note.message}</li>`)}</ul>
    </details>`}
    <section class="stack g3" aria-labelledby="check-options">
      <h3 id="check-options">${t('check.options')}</h3><${Options} /></section>
  </div>`;
};
