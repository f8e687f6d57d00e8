import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { icon } from '../../ui/icon.js';
import { Notice } from '../../ui/notice.js';
import { discard, insist, outbox, sendNow } from './outbox.js';
import { visit } from './visit.js';

/** What stands on a change, for whoever has to write it down. */
const wordsOf = ({ values }) => {
  const { timeSeconds, distanceMeters, points, windSpeed, status } = values;
  return [timeSeconds ?? distanceMeters ?? points ?? status, windSpeed].filter((part) => part !== null && part !== undefined).join(' · ');
};

/** Changes that the server has refused, or that cannot be sent any more: nothing that was typed goes without a word. */
export const Unsaved = () => {
  const shown = outbox.changes.filter((change) => change.refused || visit.ended);
  return shown.length > 0 && html`<section class="stack g3">${shown.map((change) => html`<${Notice} key=${change.key} tone="bad" alert
    title=${t('station.notSavedRow', { name: change.title, values: wordsOf(change) })} text=${change.refused ?? t('station.writeDown')}>
    ${change.refused && !visit.ended && html`<button type="button" class="btn" onClick=${() => insist(change)}>${t('station.saveAgain')}</button>`}
    <button type="button" class="btn" onClick=${() => discard(change)}>${t('station.discard')}</button>
  <//>`)}</section>`;
};

/** One line at the foot of the page: whether everything is saved. */
export const Saved = () => {
  const waiting = outbox.changes.filter((change) => !change.refused).length;
  if (!waiting) {
    const refused = outbox.changes.length > 0;
    return html`<footer class=${['station-foot', refused ? 'bad' : 'ok']} role="status">${icon(refused ? 'alert' : 'check')}
      <span class="grow">${refused ? t('station.someRefused') : t('station.allSaved')}</span></footer>`;
  }
  return html`<footer class=${['station-foot', outbox.isAway && 'warn']} role="status">${icon(outbox.isAway ? 'wifi-off' : 'up')}
    <span class="grow">${outbox.isAway ? t('station.waitingAway', { n: waiting }) : t('station.sending', { n: waiting })}</span>
    ${outbox.isAway && html`<button type="button" class="btn" onClick=${sendNow}>${t('station.tryNow')}</button>`}</footer>`;
};
