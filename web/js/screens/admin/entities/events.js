import { fmtMoment, fmtNumber, orDash } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { meet } from '../../../core/meet.js';
import { may } from '../../../core/session.js';
import { EntityList } from './list.js';
import { nameOf } from './names.js';
import { findRaces } from './pickers.js';
import { RankingPanel } from './ranking.js';
import { Related } from './related.js';
import { StationPanel } from '../stations/panel.js';
import { categoryOptions, categoryText, eventGenderOptions, eventGenderText, eventTitle } from './words.js';

const fields = () => [
  { name: 'name', label: t('events.name'), required: true, max: 200, hint: t('events.nameHint') },
  { name: 'raceId', label: t('entity.race'), type: 'pick', required: true, find: findRaces, show: (row) => row.raceName ?? `#${row.raceId}` },
  { name: 'category', label: t('events.category'), half: true, options: categoryOptions() },
  { name: 'gender', label: t('events.gender'), half: true, options: [{ value: '', label: t('events.anyGender') }, ...eventGenderOptions()] },
  { name: 'ageGroup', label: t('events.ageGroup'), half: true, max: 50, hint: t('events.ageGroupHint') },
  { name: 'distance', label: t('events.distance'), half: true, hint: t('events.distanceHint') },
  { name: 'startTime', label: t('events.startTime'), type: 'datetime-local', half: true },
  { name: 'maxParticipants', label: t('events.maxParticipants'), type: 'number', inputmode: 'numeric', half: true, hint: t('events.maxHint') },
];

/** `28 of 32`, warned about when there are more than there is room for. */
const places = ({ registrationCount, maxParticipants }) => {
  if (registrationCount === undefined) return orDash('');
  if (!maxParticipants) return fmtNumber(registrationCount);
  return t('events.places', { n: registrationCount, max: maxParticipants });
};
const overfull = (row) => Boolean(row.maxParticipants) && row.registrationCount > row.maxParticipants;

const columns = () => [
  { key: 'startTime', label: t('events.startTime'), sort: 'startTime', opt: true, width: '8.5rem',
    cell: (row) => html`<span class="tnum">${orDash(row.startTime && fmtMoment(row.startTime))}</span>`,
    text: (row) => (row.startTime ? fmtMoment(row.startTime) : '') },
  { key: 'name', label: t('events.name'), sort: 'name', name: true,
    under: (row) => [row.startTime && fmtMoment(row.startTime), row.ageGroup, row.raceName].filter(Boolean).join(' · ') },
  { key: 'gender', label: t('events.gender'), sort: 'gender', width: 'minmax(5rem, 0.7fr)', cell: (row) => eventGenderText(row.gender) },
  { key: 'ageGroup', label: t('events.ageGroup'), sort: 'ageGroup', opt: true, width: 'minmax(0, 0.7fr)', cell: (row) => orDash(row.ageGroup) },
  { key: 'category', label: t('events.category'), sort: 'category', opt: true, width: 'minmax(0, 0.7fr)', cell: (row) => categoryText(row.category) },
  { key: 'raceName', label: t('entity.race'), sort: 'raceName', opt: true, width: 'minmax(0, 1.6fr)', cell: (row) => orDash(row.raceName) },
  { key: 'registrationCount', label: t('registrations.title'), num: true, opt: true, width: 'minmax(0, 0.8fr)',
    cell: (row) => (overfull(row) ? html`<span class="badge warn">${places(row)}</span>` : places(row)), text: places },
  { key: 'resultCount', label: t('results.title'), num: true, opt: true, width: 'minmax(6.25rem, 0.6fr)',
    cell: (row) => (row.resultCount === undefined ? orDash('') : fmtNumber(row.resultCount)) },
];

const filters = () => [
  { name: 'gender', label: t('events.gender'), options: eventGenderOptions(), quick: true },
  { name: 'category', label: t('events.category'), options: categoryOptions() },
  { name: 'ageGroup', label: t('events.ageGroup') },
];

const bulk = () => [
  { key: 'category', label: t('events.setCategory'), may: 'events.write', options: categoryOptions() },
  { key: 'delete', label: t('form.delete'), may: 'events.write', remove: true, danger: true },
];

const tabs = (id) => [
  ...(may('registrations.read') ? [{ key: 'entries', label: t('registrations.title'),
    view: () => html`<${Related} key=${`entries-${id}`} kind="registrations" by="eventId" id=${id} />` }] : []),
  { key: 'results', label: t('results.title'), view: () => html`<${Related} key=${`results-${id}`} kind="results" by="eventId" id=${id} />` },
  ...(may('results.write') ? [{ key: 'ranking', label: t('ranking.tab'), view: () => html`<${RankingPanel} key=${`ranking-${id}`} id=${id} />` }] : []),
  ...(may('stations.write') ? [{ key: 'stations', label: t('stations.tab'),
    view: () => html`<${StationPanel} key=${`stations-${id}`} eventId=${id} />` }] : []),
];

/** A new event belongs to the chosen meet until somebody says otherwise. */
function initial(query) {
  const raceId = Number(query('raceId')) || meet.id;
  if (!raceId) return { category: 'Track' };
  const raceName = nameOf('races', 'race', raceId);
  return raceName ? { category: 'Track', raceId, raceName } : null;
}

const SUBJECT = {
  name: 'events',
  singular: 'event',
  shows: ['event', 'race', 'registration', 'result'],
  path: '/api/events',
  text: (key, values) => t(`events.${key}`, values),
  sort: 'startTime',
  action: 'events.write',
  meet: true,
  nameOf: eventTitle,
  initial,
  fields,
  columns,
  filters,
  bulk,
  tabs,
};

/** What is contested, in the order of the day. */
export const Screen = () => html`<${EntityList} subject=${SUBJECT} />`;
