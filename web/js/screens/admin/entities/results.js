import { fmtMoment, fmtWind, orDash } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { EntityList } from './list.js';
import { nameOf, rowOf } from './names.js';
import { findAthletes, findEvents } from './pickers.js';
import { startOf } from './registrations.js';
import { Bib, eventTitle, markText, measured, resultStatusOptions, resultStatusText, roundText, titleOfItsEvent, yesNoOptions } from './words.js';

/** What the marks of the chosen event are: a time, a distance or points. */
function markHint(form) {
  const event = form.eventId && rowOf(`/api/events/${form.eventId}`, 'event');
  return t(event ? `results.markHint.${event.category}` : 'results.markHint');
}

const fields = () => [
  { name: 'eventId', label: t('entity.event'), type: 'pick', required: true, find: findEvents, show: (row) => titleOfItsEvent(row) },
  { name: 'athleteId', label: t('entity.athlete'), type: 'pick', required: true, find: findAthletes, hint: t('registrations.athleteHint'),
    show: (row) => row.athleteName ?? `#${row.athleteId}` },
  { name: 'mark', label: t('results.mark'), half: true, hint: markHint, from: measured },
  { name: 'windSpeed', label: t('results.wind'), half: true, hint: t('results.windHint') },
  { name: 'status', label: t('results.status'), half: true, options: resultStatusOptions() },
  { name: 'position', label: t('results.place'), type: 'number', inputmode: 'numeric', half: true },
  { name: 'round', label: t('results.round'), half: true, hint: t('results.roundHint') },
  { name: 'points', label: t('results.points'), half: true },
  { name: 'heatNumber', label: t('registrations.heat'), type: 'number', inputmode: 'numeric', half: true },
  { name: 'laneNumber', label: t('registrations.lane'), type: 'number', inputmode: 'numeric', half: true },
  { name: 'isRecord', label: t('results.isRecord'), type: 'checkbox', half: true },
  { name: 'recordType', label: t('results.recordType'), half: true, max: 50, hint: t('results.recordHint') },
];

/** The server reads a mark as officials type it; an emptied field takes the mark away. */
function body({ mark, points, ...changes }) {
  const decimal = (text) => (text === null ? null : Number(String(text).replace(',', '.')));
  if (points !== undefined) changes.points = Number.isNaN(decimal(points)) ? points : decimal(points);
  if (mark === null) return { ...changes, timeSeconds: null, distanceMeters: null };
  return mark === undefined ? changes : { ...changes, mark };
}

const columns = () => [
  { key: 'position', label: t('results.place'), sort: 'position', num: true, width: '4.5rem', cell: (row) => orDash(row.position) },
  { key: 'athleteName', label: t('entity.athlete'), sort: 'athleteName', name: true, cell: (row) => row.athleteName ?? `#${row.athleteId}`,
    under: (row) => [titleOfItsEvent(row), roundText(row.round)].filter(Boolean).join(' · ') },
  { key: 'athleteBib', label: t('athletes.bib'), opt: true, away: true, width: '6rem', cell: (row) => html`<${Bib} bib=${row.athleteBib} />`,
    text: (row) => row.athleteBib ?? '' },
  { key: 'clubTeam', label: t('athletes.club'), sort: 'clubTeam', opt: true, width: 'minmax(0, 1.4fr)', cell: (row) => orDash(row.clubTeam) },
  { key: 'country', label: t('athletes.country'), opt: true, away: true, width: 'minmax(0, 0.6fr)', cell: (row) => orDash(row.country) },
  { key: 'eventName', label: t('entity.event'), sort: 'eventName', opt: true, width: 'minmax(0, 1.2fr)',
    cell: (row) => titleOfItsEvent(row) },
  { key: 'raceName', label: t('entity.race'), opt: true, away: true, width: 'minmax(0, 1.4fr)', cell: (row) => orDash(row.raceName) },
  { key: 'round', label: t('results.round'), sort: 'round', opt: true, width: 'minmax(0, 0.8fr)', cell: (row) => roundText(row.round) },
  { key: 'mark', label: t('results.mark'), num: true, width: 'minmax(5rem, 0.8fr)', text: (row) => String(orDash(markText(row))),
    cell: (row) => html`<b>${orDash(markText(row))}</b>${row.isRecord && html` <span
      class="tag">${row.recordType ?? t('results.record')}</span>`}` },
  { key: 'windSpeed', label: t('results.wind'), num: true, opt: true, width: 'minmax(0, 0.6fr)',
    cell: (row) => (row.windSpeed === null || row.windSpeed === undefined ? orDash('') : fmtWind(row.windSpeed)) },
  { key: 'status', label: t('results.status'), sort: 'status', opt: true, width: 'minmax(0, 0.7fr)', cell: (row) => resultStatusText(row.status) },
  { key: 'recordedAt', label: t('results.recordedAt'), sort: 'recordedAt', opt: true, away: true, cell: (row) => fmtMoment(row.recordedAt) },
];

const filters = () => [
  { name: 'status', label: t('results.status'), options: resultStatusOptions() },
  { name: 'isRecord', label: t('results.isRecord'), options: yesNoOptions() },
  { name: 'round', label: t('results.round') },
  { name: 'eventId', label: t('entity.event'), find: findEvents, shown: (id) => (id ? nameOf('events', 'event', id, eventTitle) : '') },
  { name: 'athleteId', label: t('entity.athlete'), find: findAthletes, shown: (id) => (id ? nameOf('athletes', 'athlete', id) : '') },
];

const bulk = () => [{ key: 'delete', label: t('form.delete'), may: 'results.delete', remove: true, danger: true }];

function initial(query) {
  const start = startOf(query);
  return start && { status: 'finished', round: 'final', ...start };
}

const SUBJECT = {
  name: 'results',
  singular: 'result',
  shows: ['result', 'athlete', 'event', 'race'],
  path: '/api/results',
  text: (key, values) => t(`results.${key}`, values),
  sort: 'eventName',
  action: 'results.write',
  deleteAction: 'results.delete',
  meet: true,
  nameOf: (row) => [row.athleteName, titleOfItsEvent(row)].filter(Boolean).join(', '),
  initial,
  body,
  fields,
  columns,
  filters,
  bulk,
};

/** Every mark that was recorded. */
export const Screen = () => html`<${EntityList} subject=${SUBJECT} />`;
