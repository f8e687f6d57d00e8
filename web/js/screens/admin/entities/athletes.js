import { fmtDay, orDash } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { may } from '../../../core/session.js';
import { EntityList } from './list.js';
import { PersonPrivacy } from './person-privacy.js';
import { Related } from './related.js';
import { Bib, genderOptions, genderText, yesNoOptions } from './words.js';

const fields = () => [
  { name: 'name', label: t('athletes.name'), required: true, max: 100 },
  { name: 'bibNumber', label: t('athletes.bib'), max: 20, half: true },
  { name: 'country', label: t('athletes.country'), required: true, half: true, hint: t('athletes.countryHint') },
  { name: 'dateOfBirth', label: t('athletes.born'), type: 'date', half: true },
  { name: 'yearOfBirth', label: t('athletes.yearBorn'), type: 'year', max: 4, inputmode: 'numeric',
    half: true, hint: t('athletes.yearHint') },
  { name: 'gender', label: t('athletes.gender'), half: true, options: [{ value: '', label: t('gender.none') }, ...genderOptions()] },
  { name: 'clubTeam', label: t('athletes.club'), half: true },
  { name: 'coach', label: t('athletes.coach') },
  { name: 'email', label: t('athletes.email'), type: 'email', half: true },
  { name: 'phone', label: t('athletes.phone'), type: 'tel', half: true },
];

/** What not every role is shown would be a column of dashes. */
const columns = () => allColumns().filter((column) => !column.personal || may('athletes.private'));

const allColumns = () => [
  { key: 'bibNumber', label: t('athletes.bib'), sort: 'bibNumber', width: '6rem', cell: (row) => html`<${Bib} bib=${row.bibNumber} />`,
    text: (row) => row.bibNumber ?? '' },
  { key: 'name', label: t('athletes.name'), sort: 'name', name: true,
    under: (row) => [row.country, row.gender && genderText(row.gender), row.clubTeam].filter(Boolean).join(' · ') },
  { key: 'country', label: t('athletes.country'), sort: 'country', opt: true, width: 'minmax(4.5rem, 0.5fr)', cell: (row) => orDash(row.country) },
  { key: 'gender', label: t('athletes.gender'), sort: 'gender', opt: true, width: 'minmax(0, 0.7fr)', cell: (row) => genderText(row.gender) },
  { key: 'born', label: t('athletes.bornShort'), sort: 'dateOfBirth', personal: true, num: true, opt: true, width: 'minmax(0, 0.6fr)',
    cell: (row) => orDash(row.dateOfBirth?.slice(0, 4) ?? row.yearOfBirth) },
  { key: 'ageGroup', label: t('events.ageGroup'), personal: true, opt: true, width: 'minmax(0, 0.6fr)', cell: (row) => orDash(groupsOf(row)) },
  { key: 'clubTeam', label: t('athletes.club'), sort: 'clubTeam', opt: true, width: 'minmax(0, 1.6fr)', cell: (row) => orDash(row.clubTeam) },
  { key: 'coach', label: t('athletes.coach'), opt: true, away: true, cell: (row) => orDash(row.coach) },
  { key: 'email', label: t('athletes.email'), personal: true, opt: true, away: true, width: 'minmax(0, 1.4fr)', cell: (row) => orDash(row.email) },
  { key: 'phone', label: t('athletes.phone'), personal: true, opt: true, away: true, cell: (row) => orDash(row.phone) },
  { key: 'createdAt', label: t('athletes.added'), sort: 'createdAt', opt: true, away: true, cell: (row) => orDash(fmtDay(row.createdAt)) },
];

/** Masters also compete as seniors: both groups. */
const groupsOf = ({ ageGroup, mastersGroup }) => [ageGroup, mastersGroup !== ageGroup && mastersGroup].filter(Boolean).join(' · ');

const filters = () => allFilters().filter((filter) => !filter.personal || may('athletes.private'));

const allFilters = () => [
  { name: 'gender', label: t('athletes.gender'), options: genderOptions(), quick: true },
  { name: 'country', label: t('athletes.country'), hint: t('athletes.countryHint') },
  { name: 'clubTeam', label: t('athletes.club'), hint: t('athletes.clubFilterHint') },
  { name: 'birthKnown', label: t('athletes.birthKnown'), options: yesNoOptions(), personal: true },
  { name: 'entered', label: t('athletes.entered'), options: yesNoOptions() },
  { name: 'imported', label: t('athletes.imported'), options: yesNoOptions() },
];

const bulk = () => [
  { key: 'club', label: t('athletes.setClub'), may: 'athletes.write', ask: 'clubTeam', fieldLabel: t('athletes.club'), hint: t('bulk.emptyHint') },
  { key: 'country', label: t('athletes.setCountry'), may: 'athletes.write', ask: 'country', fieldLabel: t('athletes.country'),
    hint: t('athletes.countryHint') },
  { key: 'delete', label: t('form.delete'), may: 'athletes.write', remove: true, danger: true },
];

const tabs = (id) => [
  ...(may('registrations.read') ? [{ key: 'entries', label: t('registrations.title'),
    view: () => html`<${Related} key=${`entries-${id}`} kind="registrations" by="athleteId" id=${id} />` }] : []),
  { key: 'results', label: t('results.title'), view: () => html`<${Related} key=${`results-${id}`} kind="results" by="athleteId" id=${id} />` },
  ...(may('athletes.private') ? [{ key: 'privacy', label: t('person.tab'),
    view: (row) => row && html`<${PersonPrivacy} key=${`privacy-${id}`} athlete=${row} />` }] : []),
];

const links = () => (may('athletes.write') ? [{ to: '/admin/athletes/duplicates', icon: 'merge', words: t('merge.link') }] : []);

const SUBJECT = {
  name: 'athletes',
  singular: 'athlete',
  shows: ['athlete'],
  path: '/api/athletes',
  text: (key, values) => t(`athletes.${key}`, values),
  sort: 'name',
  action: 'athletes.write',
  nameOf: (row) => row.name,
  fields,
  columns,
  filters,
  bulk,
  tabs,
  links,
};

/** Everybody who is known to this server. */
export const Screen = () => html`<${EntityList} subject=${SUBJECT} />`;
