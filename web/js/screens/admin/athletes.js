import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { orDash } from '../../core/format.js';
import { EntityScreen } from './entity-screen.js';

const GENDERS = ['M', 'F', 'X'];

/** `X` in the sport's files, a word for people. */
const genderText = (gender) => (GENDERS.includes(gender) ? t(`gender.${gender}`) : orDash(gender));

/** @param {string} first what no choice is called */
const genderOptions = (first) => [
  { value: '', label: first },
  ...GENDERS.map((gender) => ({ value: gender, label: t(`gender.${gender}`) })),
];

const fields = () => [
  { name: 'name', label: t('athletes.name'), required: true, max: 100 },
  { name: 'bibNumber', label: t('athletes.bib'), max: 20, half: true },
  { name: 'country', label: t('athletes.country'), required: true, half: true, hint: t('athletes.countryHint') },
  { name: 'dateOfBirth', label: t('athletes.born'), type: 'date', half: true },
  { name: 'yearOfBirth', label: t('athletes.yearBorn'), type: 'year', max: 4, inputmode: 'numeric',
    half: true, hint: t('athletes.yearHint') },
  { name: 'clubTeam', label: t('athletes.club') },
  { name: 'gender', label: t('athletes.gender'), half: true, options: genderOptions(t('gender.none')) },
  { name: 'coach', label: t('athletes.coach'), half: true },
  { name: 'email', label: t('athletes.email'), type: 'email', half: true },
  { name: 'phone', label: t('athletes.phone'), type: 'tel', half: true },
];

const columns = ({ open }) => [
  { key: 'bibNumber', label: t('athletes.bib'), sort: 'bibNumber',
    cell: (row) => (row.bibNumber ? html`<span class="bib">${row.bibNumber}</span>` : orDash('')) },
  { key: 'name', label: t('athletes.name'), sort: 'name', name: true,
    cell: (row) => html`<button type="button" class="row-link" onClick=${() => open(row)}>${row.name}</button>` },
  { key: 'country', label: t('athletes.country'), sort: 'country', cell: (row) => orDash(row.country) },
  { key: 'gender', label: t('athletes.gender'), opt: true, cell: (row) => genderText(row.gender) },
  { key: 'born', label: t('athletes.bornShort'), num: true, opt: true,
    cell: (row) => orDash(row.dateOfBirth?.slice(0, 4) ?? row.yearOfBirth) },
  { key: 'clubTeam', label: t('athletes.club'), sort: 'clubTeam', opt: true, cell: (row) => orDash(row.clubTeam) },
];

/** Everybody who is known to this server, in pages as the server sends them. */
export const AthletesScreen = () => html`<${EntityScreen}
  words="athletes" path="/api/athletes" plural="athletes" singular="athlete" sort="name" importKind="athletes" exportKind="athletes"
  action="athletes.write" fields=${fields()} columns=${columns}
  filter=${{ name: 'gender', label: t('athletes.gender'), options: genderOptions(t('gender.all')) }} />`;
