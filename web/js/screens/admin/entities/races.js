import { fmtDay, fmtNumber, orDash } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { EntityList } from './list.js';
import { RegistrationLink } from './registration-link.js';
import { RaceStatus, raceStatusOptions, raceStatusText } from './words.js';

const fields = () => [
  { name: 'name', label: t('races.name'), required: true, max: 200 },
  { name: 'date', label: t('races.date'), type: 'date', required: true, half: true },
  { name: 'status', label: t('races.status'), half: true, options: raceStatusOptions() },
  { name: 'location', label: t('races.location'), required: true },
  { name: 'description', label: t('races.description'), type: 'textarea' },
  { name: 'registrationOpen', label: t('races.registrationOpen'), type: 'checkbox' },
  { name: 'registrationDeadline', label: t('races.deadline'), type: 'date', half: true },
  { name: 'registrationLink', label: t('races.link'), half: true, hint: t('races.linkHint') },
];

const amount = (value) => (value === undefined ? orDash('') : fmtNumber(value));

const columns = () => [
  { key: 'date', label: t('races.date'), sort: 'date', opt: true, width: '8rem', cell: (row) => html`<span class="tnum">${fmtDay(row.date)}</span>`,
    text: (row) => fmtDay(row.date) },
  { key: 'name', label: t('races.name'), sort: 'name', name: true,
    under: (row) => [fmtDay(row.date), row.location].filter(Boolean).join(' · ') },
  { key: 'location', label: t('races.location'), sort: 'location', opt: true, width: 'minmax(0, 1.2fr)', cell: (row) => orDash(row.location) },
  { key: 'status', label: t('races.status'), sort: 'status', width: '7rem', cell: (row) => html`<${RaceStatus} status=${row.status} />`,
    text: (row) => raceStatusText(row.status) },
  { key: 'registration', label: t('races.registration'), opt: true, width: 'minmax(0, 0.7fr)',
    cell: (row) => t(row.registrationOpen ? 'races.open' : 'races.closed') },
  { key: 'eventCount', label: t('events.title'), num: true, opt: true, width: 'minmax(6.25rem, 0.5fr)', cell: (row) => amount(row.eventCount) },
  { key: 'registrationCount', label: t('registrations.title'), num: true, opt: true, width: 'minmax(6.25rem, 0.5fr)',
    cell: (row) => amount(row.registrationCount) },
  { key: 'resultCount', label: t('results.title'), num: true, opt: true, width: 'minmax(6.25rem, 0.5fr)', cell: (row) => amount(row.resultCount) },
];

const filters = () => [
  { name: 'status', label: t('races.status'), options: raceStatusOptions(), quick: true },
  { name: 'registrationOpen', label: t('races.registration'),
    options: [{ value: 'true', label: t('races.open') }, { value: 'false', label: t('races.closed') }] },
];

const bulk = () => [
  { key: 'status', label: t('races.setStatus'), may: 'races.write', options: raceStatusOptions() },
  { key: 'delete', label: t('form.delete'), may: 'races.write', remove: true, danger: true },
];

const SUBJECT = {
  name: 'races',
  singular: 'race',
  shows: ['race', 'event', 'registration', 'result'],
  path: '/api/races',
  text: (key, values) => t(`races.${key}`, values),
  sort: '-date',
  action: 'races.write',
  bulkUpdate: false,
  initial: () => ({ status: 'scheduled' }),
  nameOf: (row) => row.name,
  below: ({ row, form }) => row && html`<${RegistrationLink} race=${row} link=${form.registrationLink} />`,
  fields,
  columns,
  filters,
  bulk,
};

/** Meets and competitions, newest first. */
export const Screen = () => html`<${EntityList} subject=${SUBJECT} />`;
