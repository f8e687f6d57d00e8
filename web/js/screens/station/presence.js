import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Empty } from '../../ui/empty.js';
import { Bib } from '../admin/entities/words.js';
import { bibOf, board } from './board.js';
import { pendingOf, save } from './outbox.js';

const rowOf = (entry) => `entry-${entry.id}`;

/** What is known of somebody: what is on its way counts before what is stored. */
function answerOf(entry) {
  const { confirmedPresent, status } = { ...entry, ...pendingOf(rowOf(entry))?.values };
  if (status === 'dns') return 'absent';
  return confirmedPresent ? 'present' : '';
}

/** The values behind an answer; an answer taken back leaves an ordinary entry. */
const VALUES = {
  present: { confirmedPresent: true, status: 'confirmed' },
  absent: { confirmedPresent: false, status: 'dns' },
  '': { confirmedPresent: false, status: 'registered' },
};

function mark(entry, answer) {
  const wanted = answerOf(entry) === answer ? '' : answer;
  save({ row: rowOf(entry), kind: 'entry', subject: entry.id, title: `${bibOf(entry)} ${entry.athleteName}`.trim(), values: VALUES[wanted] });
}

const Row = ({ entry }) => {
  const answer = answerOf(entry);
  const pending = pendingOf(rowOf(entry));
  const button = (value) => html`<button type="button" class=${['btn', value]} aria-pressed=${String(answer === value)}
    onClick=${() => mark(entry, value)}>${t(`station.${value}`)}</button>`;
  return html`<div class=${['station-row', pending && 'waiting', pending?.refused && 'refused']}>
    <${Bib} bib=${bibOf(entry)} />
    <span class="who"><b>${entry.athleteName}</b><small>${[entry.laneNumber && t('station.lane', { number: entry.laneNumber }),
      entry.clubTeam ?? entry.country].filter(Boolean).join(' · ')}</small></span>
    <span class="station-choice" role="group" aria-label=${entry.athleteName}>${button('present')}${button('absent')}</span>
  </div>`;
};
Row.props = ['entry'];

/** Who is there: one press each. */
export const PresenceList = () => {
  if (!board.entries.length) return html`<${Empty} title=${t('station.nobody')} text=${t('station.nobodyText')} />`;
  const count = board.entries.filter((entry) => answerOf(entry) === 'present').length;
  return html`<p class="muted">${t('station.presentCount', { present: count, all: board.entries.length })}</p>
    <ul class="station-list">${board.entries.map((entry) => html`<li key=${entry.id}><${Row} entry=${entry} /></li>`)}</ul>`;
};
