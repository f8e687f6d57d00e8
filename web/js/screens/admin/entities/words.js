import { fmtDistance, fmtTime, orDash } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';

// How the values of rows are called, and the choices of forms and filters. A value that is not among ours comes from another
// program and is shown as it is.

const GENDERS = ['M', 'F', 'X'];
const RACE_STATUSES = ['scheduled', 'ongoing', 'completed', 'cancelled'];
const RACE_TONES = { scheduled: '', ongoing: 'live', completed: 'ok', cancelled: 'bad' };
const ENTRY_STATUSES = ['registered', 'confirmed', 'cancelled', 'dns'];
const ENTRY_TONES = { registered: 'off', confirmed: '', cancelled: 'bad', dns: 'bad' };
const PAYMENTS = ['pending', 'paid', 'refunded'];
const RESULT_STATUSES = ['finished', 'dns', 'dnf', 'dq', 'nm', 'nh'];
const CATEGORIES = ['Track', 'Field', 'Road', 'Combined'];
const ROUNDS = ['final', 'heat', 'heats', 'semifinal', 'semi-final'];

const choices = (known, text) => known.map((value) => ({ value, label: text(value) }));

export const yesNoOptions = () => [{ value: 'true', label: t('common.yes') }, { value: 'false', label: t('common.no') }];

/** `X` in the sport's files, a word for people. */
export const genderText = (gender) => (GENDERS.includes(gender) ? t(`gender.${gender}`) : orDash(gender));
export const genderOptions = () => choices(GENDERS, genderText);

export const eventGenderText = (gender) => (GENDERS.includes(gender) ? t(`eventGender.${gender}`) : orDash(gender));
export const eventGenderOptions = () => choices(GENDERS, eventGenderText);

export const raceStatusText = (status) => (RACE_STATUSES.includes(status) ? t(`raceStatus.${status}`) : orDash(status));
export const raceStatusOptions = () => choices(RACE_STATUSES, raceStatusText);

export const entryStatusText = (status) => (ENTRY_STATUSES.includes(status) ? t(`entryStatus.${status}`) : orDash(status));
export const entryStatusOptions = () => choices(ENTRY_STATUSES, entryStatusText);

export const paymentText = (payment) => (PAYMENTS.includes(payment) ? t(`payment.${payment}`) : orDash(payment));
export const paymentOptions = () => choices(PAYMENTS, paymentText);

export const resultStatusText = (status) => (RESULT_STATUSES.includes(status) ? t(`resultStatus.${status}`) : orDash(status));
export const resultStatusOptions = () => choices(RESULT_STATUSES, resultStatusText);

export const categoryText = (category) => (CATEGORIES.includes(category) ? t(`category.${category}`) : orDash(category));
export const categoryOptions = () => choices(CATEGORIES, categoryText);

export const roundText = (round) => (ROUNDS.includes(round) ? t(`round.${round}`) : orDash(round));

export const RaceStatus = ({ status }) => html`<span class=${['badge', RACE_TONES[status]]}>${raceStatusText(status)}</span>`;
RaceStatus.props = ['status'];

/** A dot for the common states; the word says the same. */
export const EntryStatus = ({ status }) => html`<span class="state"><span class=${['dot', ENTRY_TONES[status]]}></span>
  ${entryStatusText(status)}</span>`;
EntryStatus.props = ['status'];

export const Bib = ({ bib }) => (bib ? html`<span class="bib">${bib}</span>` : orDash(''));
Bib.props = ['bib'];

/** A result as the sheet shows it: the mark, or why there is none. */
export function markText(row) {
  if (row.status !== 'finished') return resultStatusText(row.status);
  return measured(row);
}

/** The bare mark, empty when there is none. */
export function measured(row) {
  if (row.timeSeconds !== null && row.timeSeconds !== undefined) return exactTime(row.timeSeconds);
  if (row.distanceMeters !== null && row.distanceMeters !== undefined) return fmtDistance(row.distanceMeters);
  return row.points === null || row.points === undefined ? '' : String(row.points);
}

/** Thousandths stay where the timing gave them. */
function exactTime(seconds) {
  const thousandths = Math.round(seconds * 1000) % 10;
  return thousandths ? fmtTime(Math.floor(seconds * 100) / 100) + thousandths : fmtTime(seconds);
}

/** `1500 m, women` : events of both sexes often have the same name. */
export const eventTitle = (event) => [event.name, event.gender && eventGenderText(event.gender), event.ageGroup].filter(Boolean).join(', ');

/** The event of an entry or a result, as its row names it. */
export const titleOfItsEvent = ({ eventName, eventGender, eventAgeGroup, eventId }) =>
  (eventName ? eventTitle({ name: eventName, gender: eventGender, ageGroup: eventAgeGroup }) : `#${eventId}`);
