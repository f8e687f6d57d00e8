import { ref } from '../../core/vue.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Empty } from '../../ui/empty.js';
import { icon } from '../../ui/icon.js';
import { Bib, markText, resultStatusText, roundText } from '../admin/entities/words.js';
import { bibOf, board, resultOf, rounds } from './board.js';
import { pendingOf } from './outbox.js';
import { ResultSheet } from './result-sheet.js';

/** Names one result: an entry in a round. */
const rowOf = (entry) => `result-${entry.id}-${board.round}`;

/** What stands at the end of a row: what is stored, or what is on its way there. */
function Mark({ entry }) {
  const pending = pendingOf(rowOf(entry));
  if (pending) {
    const { status, timeSeconds, distanceMeters, points } = pending.values;
    const text = status === 'finished' ? (timeSeconds ?? distanceMeters ?? points) : resultStatusText(status);
    return html`<span class=${['mark', pending.refused ? 'refused' : 'waiting']}>${icon(pending.refused ? 'alert' : 'up')}${text}
      <span class="sr">${pending.refused ? t('station.refused') : t('station.waiting')}</span></span>`;
  }
  const stored = resultOf(entry);
  return stored ? html`<span class="mark">${markText(stored)}</span>` : html`<span class="mark none">${t('station.noMark')}</span>`;
}
Mark.props = ['entry'];

const Heat = ({ entry, before }) => entry.heatNumber && entry.heatNumber !== before?.heatNumber
  && html`<h2 class="heat">${t('station.heat', { number: entry.heatNumber })}</h2>`;
Heat.props = ['entry', 'before'];

/** The entry whose result is being filled in. */
const open = ref(0);

/** Opens what the server could not take, as it was typed. @param {import('./outbox.js').Change} change */
export function correct(change) {
  board.round = change.values.round;
  open.value = change.subject;
}

/** The athletes in the order of heats and lanes; a press opens the form of one, and saving goes on to the next without a result. */
export const ResultList = {
  setup() {
    const next = (entry) => {
      const place = board.entries.findIndex(({ id }) => id === entry.id);
      const after = [...board.entries.slice(place + 1), ...board.entries.slice(0, place)];
      const empty = after.find((one) => !resultOf(one) && !pendingOf(rowOf(one)));
      open.value = empty?.id ?? 0;
    };
    const row = (entry) => html`<button type="button" class="station-row" onClick=${() => (open.value = entry.id)}>
      <${Bib} bib=${bibOf(entry)} />
      <span class="who"><b>${entry.athleteName}</b><small>${[entry.laneNumber && t('station.lane', { number: entry.laneNumber }),
        entry.clubTeam ?? entry.country].filter(Boolean).join(' · ')}</small></span>
      <${Mark} entry=${entry} /></button>`;
    const chooseRound = () => rounds().length > 1 && html`<select class="input" aria-label=${t('results.round')} value=${board.round}
      onChange=${(event) => (board.round = event.target.value)}>
      ${rounds().map((round) => html`<option key=${round} value=${round}>${roundText(round)}</option>`)}</select>`;
    return () => {
      const entry = board.entries.find(({ id }) => id === open.value);
      if (!board.entries.length) return html`<${Empty} title=${t('station.nobody')} text=${t('station.nobodyText')} />`;
      return html`${chooseRound()}
        <ul class="station-list">${board.entries.map((one, place) => html`<li key=${one.id}>
          <${Heat} entry=${one} before=${board.entries[place - 1]} />${row(one)}</li>`)}</ul>
        ${entry && html`<${ResultSheet} key=${entry.id} entry=${entry} row=${rowOf(entry)} onClose=${() => (open.value = 0)} onSaved=${() => next(entry)} />`}`;
    };
  },
};
