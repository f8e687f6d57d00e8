import { fmtDay } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { chosenMeet, meet, meets } from '../../../core/meet.js';
import { icon } from '../../../ui/icon.js';

/** How far a race is, as the colour of a dot; its word stands beside it. */
const DOTS = { scheduled: 'off', ongoing: 'live', completed: '', cancelled: 'bad' };

const dot = ({ status }) => html`<span class=${['dot', DOTS[status]]} aria-hidden="true"></span>`;
const about = ({ date, status }) => `${fmtDay(date)} · ${t(`raceStatus.${status}`)}`;

/** One race to choose, or all of them when `row` is null. */
export const MeetRow = ({ row }, { emit }) => {
  const isChosen = meet.id === (row?.id ?? null);
  return html`<li>
    <button type="button" aria-pressed=${String(isChosen)} onClick=${() => emit('choose')}>
      ${row ? dot(row) : icon('list')}
      <span class="grow"><b>${row ? row.name : t('meet.all')}</b>${row && html`<small>${about(row)}</small>`}</span>
      ${isChosen && icon('check')}
    </button>
  </li>`;
};
MeetRow.props = ['row'];
MeetRow.emits = ['choose'];

/** What is chosen now. Of a race that is still on its way nothing is claimed. */
export const ChosenMeet = () => {
  const chosen = chosenMeet.value;
  if (chosen) return html`<b>${chosen.name}</b><small>${dot(chosen)}${about(chosen)}</small>`;
  if (meet.id !== null) return html`<b class="skeleton"></b><small>${BLANK}</small>`;
  return html`<b>${t('meet.all')}</b><small>${meets.rows ? t('meet.count', { n: meets.total }) : BLANK}</small>`;
};

/** Keeps the line's height. */
const BLANK = '\u00A0';
