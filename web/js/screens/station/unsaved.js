import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { icon } from '../../ui/icon.js';
import { Notice } from '../../ui/notice.js';
import { markText } from '../admin/entities/words.js';
import { board, resultOf } from './board.js';
import { discard, insist, outbox, sendNow } from './outbox.js';
import { correct } from './results.js';
import { visit } from './visit.js';

/** What stands on a change, for whoever has to write it down. */
const wordsOf = ({ values }) => {
  const { timeSeconds, distanceMeters, points, windSpeed, status } = values;
  return [timeSeconds ?? distanceMeters ?? points ?? status, windSpeed].filter((part) => part !== null && part !== undefined).join(' · ');
};

/** What to do about a refusal: what somebody else has stored can be replaced, what is wrong with a result wants to be put right. */
const wayOut = (change) => (change.kind === 'result' && !change.isConflict
  ? html`<button type="button" class="btn" onClick=${() => correct(change)}>${t('station.correct')}</button>`
  : html`<button type="button" class="btn" onClick=${() => insist(change)}>${t('station.saveAgain')}</button>`);

/** Why it is not saved; where somebody else was first, also what they have stored. */
function reasonOf(change) {
  if (visit.ended) return t('station.writeDown');
  const entry = change.isConflict && change.kind === 'result' && board.entries.find(({ id }) => id === change.subject);
  const stored = entry && resultOf(entry, change.values.round);
  return [change.refused, stored && t('station.stored', { mark: markText(stored) })].filter(Boolean).join('. ');
}

/** Changes that the server has refused, or that cannot be sent any more: nothing that was typed goes without a word. */
export const Unsaved = () => {
  const shown = outbox.changes.filter((change) => change.refused || visit.ended);
  return shown.length > 0 && html`<section class="stack g3">${shown.map((change) => html`<${Notice} key=${change.key} tone="bad" alert
    title=${t('station.notSavedRow', { name: change.title, values: wordsOf(change) })} text=${reasonOf(change)}>
    ${change.refused && !visit.ended && wayOut(change)}
    <button type="button" class="btn" onClick=${() => discard(change)}>${t('station.discard')}</button>
  <//>`)}</section>`;
};

/** One line at the foot of the page: whether everything is saved. */
export const Saved = () => {
  const waiting = outbox.changes.filter((change) => !change.refused).length;
  if (!waiting || visit.ended) {
    const refused = outbox.changes.length > 0;
    return html`<footer class=${['station-foot', refused ? 'bad' : 'ok']} role="status">${icon(refused ? 'alert' : 'check')}
      <span class="grow">${refused ? t('station.someRefused') : t('station.allSaved')}</span></footer>`;
  }
  return html`<footer class=${['station-foot', outbox.isAway && 'warn']} role="status">${icon(outbox.isAway ? 'wifi-off' : 'up')}
    <span class="grow">${outbox.isAway ? t('station.waitingAway', { n: waiting }) : t('station.sending', { n: waiting })}</span>
    ${outbox.isAway && html`<button type="button" class="btn" onClick=${sendNow}>${t('station.tryNow')}</button>`}</footer>`;
};
