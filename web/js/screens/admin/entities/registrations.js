import { fmtMoment, orDash } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { may } from '../../../core/session.js';
import { EntityList } from './list.js';
import { nameOf, rowOf } from './names.js';
import { findAthletes, findEvents } from './pickers.js';
import { Bib, EntryStatus, entryStatusOptions, entryStatusText, eventTitle, paymentOptions, paymentText, titleOfItsEvent, yesNoOptions } from './words.js';

/** At the start somebody may say who is there, and nothing else. */
const fields = () => {
  const locked = !may('registrations.write');
  return [
    { name: 'athleteId', label: t('entity.athlete'), type: 'pick', required: true, find: findAthletes, locked,
      show: (row) => row.athleteName ?? `#${row.athleteId}`, hint: t('registrations.athleteHint') },
    { name: 'eventId', label: t('entity.event'), type: 'pick', required: true, find: findEvents, locked,
      show: (row) => titleOfItsEvent(row) },
    { name: 'status', label: t('registrations.status'), half: true, options: entryStatusOptions() },
    { name: 'paymentStatus', label: t('registrations.payment'), half: true, options: paymentOptions(), locked },
    { name: 'seedMark', label: t('registrations.seedMark'), half: true, max: 50, hint: t('registrations.seedHint'), locked },
    { name: 'bibNumber', label: t('registrations.bib'), half: true, max: 20, hint: t('registrations.bibHint'), locked },
    { name: 'heatNumber', label: t('registrations.heat'), type: 'number', inputmode: 'numeric', half: true, locked },
    { name: 'laneNumber', label: t('registrations.lane'), type: 'number', inputmode: 'numeric', half: true, locked },
    { name: 'confirmedPresent', label: t('registrations.isPresent'), type: 'checkbox' },
  ];
};

const columns = () => [
  { key: 'bibNumber', label: t('registrations.bib'), sort: 'bibNumber', opt: true, width: '6rem',
    cell: (row) => html`<${Bib} bib=${row.bibNumber ?? row.athleteBib} />`, text: (row) => row.bibNumber ?? row.athleteBib ?? '' },
  { key: 'athleteName', label: t('entity.athlete'), sort: 'athleteName', name: true, cell: (row) => row.athleteName ?? `#${row.athleteId}`,
    under: (row) => [row.bibNumber ?? row.athleteBib, titleOfItsEvent(row)].filter(Boolean).join(' · ') },
  { key: 'athleteAgeGroup', label: t('registrations.ageGroup'), opt: true, away: true, width: 'minmax(0, 0.6fr)',
    cell: (row) => orDash(row.athleteAgeGroup) },
  { key: 'clubTeam', label: t('athletes.club'), sort: 'clubTeam', opt: true, width: 'minmax(0, 1.4fr)', cell: (row) => orDash(row.clubTeam) },
  { key: 'country', label: t('athletes.country'), opt: true, away: true, width: 'minmax(0, 0.6fr)', cell: (row) => orDash(row.country) },
  { key: 'eventName', label: t('entity.event'), sort: 'eventName', opt: true, width: 'minmax(0, 1.2fr)',
    cell: (row) => titleOfItsEvent(row) },
  { key: 'raceName', label: t('entity.race'), opt: true, away: true, width: 'minmax(0, 1.4fr)', cell: (row) => orDash(row.raceName) },
  { key: 'seedMark', label: t('registrations.seedMark'), sort: 'seedMark', num: true, opt: true, width: 'minmax(0, 0.8fr)',
    cell: (row) => (row.seedMark ? html`<b>${row.seedMark}</b>` : html`<span class="muted">${t('registrations.noMark')}</span>`),
    text: (row) => row.seedMark ?? '' },
  { key: 'heatLane', label: t('registrations.heatLane'), opt: true, away: true, num: true, width: 'minmax(0, 0.6fr)',
    cell: (row) => orDash([row.heatNumber, row.laneNumber].filter(Boolean).join(' / ')) },
  { key: 'status', label: t('registrations.status'), sort: 'status', width: 'minmax(7.5rem, 0.8fr)',
    cell: (row) => html`<${EntryStatus} status=${row.status} />`, text: (row) => entryStatusText(row.status) },
  { key: 'paymentStatus', label: t('registrations.payment'), sort: 'paymentStatus', opt: true, width: 'minmax(0, 0.7fr)',
    cell: (row) => html`<span class=${row.paymentStatus === 'paid' ? '' : 'muted'}>${paymentText(row.paymentStatus)}</span>`,
    text: (row) => paymentText(row.paymentStatus) },
  { key: 'confirmedPresent', label: t('registrations.present'), opt: true, width: 'minmax(0, 0.6fr)',
    cell: (row) => (row.confirmedPresent ? t('common.yes') : html`<span class="muted">${t('common.no')}</span>`),
    text: (row) => t(row.confirmedPresent ? 'common.yes' : 'common.no') },
  { key: 'registeredAt', label: t('registrations.registeredAt'), sort: 'registeredAt', opt: true, away: true,
    cell: (row) => fmtMoment(row.registeredAt) },
];

const filters = () => [
  { name: 'status', label: t('registrations.status'), options: entryStatusOptions(), quick: true },
  { name: 'paymentStatus', label: t('registrations.payment'), options: paymentOptions() },
  { name: 'confirmedPresent', label: t('registrations.present'), options: yesNoOptions() },
  { name: 'eventId', label: t('entity.event'), find: findEvents, shown: (id) => (id ? nameOf('events', 'event', id, eventTitle) : '') },
  { name: 'athleteId', label: t('entity.athlete'), find: findAthletes, shown: (id) => (id ? nameOf('athletes', 'athlete', id) : '') },
];

const bulk = () => [
  { key: 'confirm', label: t('registrations.confirm'), may: 'registrations.presence', set: { status: 'confirmed' } },
  { key: 'present', label: t('registrations.markPresent'), may: 'registrations.presence', set: { confirmedPresent: true } },
  { key: 'paid', label: t('registrations.markPaid'), may: 'registrations.write', set: { paymentStatus: 'paid' } },
  { key: 'scratch', label: t('registrations.scratch'), may: 'registrations.presence', set: { status: 'cancelled' } },
  { key: 'delete', label: t('form.delete'), may: 'registrations.write', remove: true, danger: true },
];

/** From the drawer of an athlete or an event a new entry begins with it. Null until both have their names. */
export function startOf(query) {
  const [athleteId, eventId] = [Number(query('athleteId')), Number(query('eventId'))];
  const athleteName = athleteId ? nameOf('athletes', 'athlete', athleteId) : undefined;
  const eventName = eventId ? nameOf('events', 'event', eventId, eventTitle) : undefined;
  if (athleteName === '' || eventName === '') return null;
  return { ...(athleteId && { athleteId, athleteName }), ...(eventId && { eventId, eventName }) };
}

function initial(query) {
  const start = startOf(query);
  return start && { status: 'registered', paymentStatus: 'pending', ...start };
}

const SUBJECT = {
  name: 'registrations',
  singular: 'registration',
  shows: ['registration', 'athlete', 'event', 'race'],
  path: '/api/registrations',
  text: (key, values) => t(`registrations.${key}`, values),
  sort: 'athleteName',
  action: 'registrations.presence',
  addAction: 'registrations.write',
  meet: true,
  nameOf: (row) => [row.athleteName ?? rowOf(`/api/athletes/${row.athleteId}`, 'athlete')?.name, row.eventName].filter(Boolean).join(', '),
  initial,
  fields,
  columns,
  filters,
  bulk,
};

/** Everyone entered, one row for each event. */
export const Screen = () => html`<${EntityList} subject=${SUBJECT} />`;
