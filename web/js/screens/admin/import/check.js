import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';
import { Changes } from './changes.js';
import { Columns } from './columns.js';
import { Consequences } from './consequences.js';
import { countOf } from './counts.js';
import { Options } from './options.js';
import { Problems } from './problems.js';
import { Reading } from './reading.js';
import { Repairs } from './repairs.js';
import { ByKind } from './report.js';

/** What an import would do, and everything that may be put right before it. Nothing is stored. */
export const Check = ({ flow }) => {
  const preview = flow.preview.value;
  if (!preview) {
    return html`<div class="stack" role="status"><h3 tabindex="-1" data-start>${t('check.first')}</h3>
      <progress class="progress" aria-label=${t('import.progress')}></progress>
      <div class="skeleton tall"></div><div class="skeleton tall"></div></div>`;
  }
  const busy = flow.checking.value;
  return html`<div class="stack g5 check-up" aria-busy=${String(busy)}>
    <progress class=${['progress thin', !busy && 'still']} aria-hidden="true"></progress>
    ${preview.usable ? html`<${Usable} preview=${preview} flow=${flow} />` : html`<${Unusable} preview=${preview} flow=${flow} />`}
  </div>`;
};
Check.props = ['flow'];

const Usable = ({ preview, flow }) => html`
  <div class="stack g3">
    <div class="spread"><h3 tabindex="-1" data-start>${t('report.would')}</h3><span class="muted">${t('report.notSaved')}</span></div>
    <${Consequences} report=${preview} />
    <p class="sr" role="status">${!flow.checking.value && t('check.spoken',
      { imported: preview.new, updated: countOf(preview, 'updated'), failed: preview.refused })}</p>
    ${preview.results && html`<${ByKind} results=${preview.results} />`}
    ${preview.same_file_as && html`<${Notice} tone="warn" title=${t('report.sameFile')} text=${t('check.sameFileText')} />`}
    ${preview.names_turned && html`<${NamesTurned} turned=${preview.names_turned} flow=${flow} />`}
  </div>
  <${Repairs} flow=${flow} />
  ${preview.problems?.length > 0 && html`<${Problems} preview=${preview} flow=${flow} />`}
  ${preview.changes?.length > 0 && html`<${Changes} changes=${preview.changes} changed=${preview.changed} />`}
  ${preview.columns && html`<${Columns} preview=${preview} flow=${flow} />`}
  ${preview.columns && html`<${Reading} preview=${preview} flow=${flow} />`}
  ${preview.notes?.length > 0 && html`<details class="fold"><summary><span>${t('check.notes')}</span>
    <span class="muted">${t('check.notesCount', { n: preview.notes.length })}</span></summary>
    <ul class="notes">${preview.notes.map((note, i) => html`<li key=${i}>${typeof note === 'string' ? note : note.message}</li>`)}</ul>
  </details>`}
  <section class="stack g3" aria-labelledby="check-options">
    <h3 id="check-options">${t('check.options')}</h3><${Options} /></section>`;
Usable.props = ['preview', 'flow'];

/** The headings say too little: somebody has to say what the columns are. */
const Unusable = ({ preview, flow }) => html`
  <div class="stack g3">
    <h3 tabindex="-1" data-start>${t('check.unusable')}</h3>
    <${Notice} tone="warn" alert title=${preview.problem} text=${t('check.unusableText')} />
  </div>
  <${Columns} open preview=${preview} flow=${flow} />
  <${Reading} preview=${preview} flow=${flow} />`;
Unusable.props = ['preview', 'flow'];

const NamesTurned = ({ turned, flow }) => html`<div class="notice">
  <div class="grow"><b>${turned.text}</b>
    <ul class="examples">${turned.examples.map(([before, after]) => html`<li key=${before}><del>${before}</del> <ins>${after}</ins></li>`)}</ul></div>
  <button type="button" class="btn" onClick=${() => turnRound(turned, flow)}>${t('check.turnNames')}</button>
</div>`;
NamesTurned.props = ['turned', 'flow'];

function turnRound({ mapping }, flow) {
  for (const [heading, field] of Object.entries(mapping)) flow.match(heading, field);
}
