import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { fmtDay, orDash } from '../../core/format.js';
import { EntityScreen } from './entity-screen.js';

const STATUSES = ['scheduled', 'ongoing', 'completed', 'cancelled'];
const TONES = { scheduled: '', ongoing: 'live', completed: 'ok', cancelled: 'bad' };

export const RaceStatus = ({ status }) => html`<span class=${['badge', TONES[status]]}>
  ${STATUSES.includes(status) ? t(`raceStatus.${status}`) : status}</span>`;
RaceStatus.props = ['status'];

const statusOptions = () => STATUSES.map((status) => ({ value: status, label: t(`raceStatus.${status}`) }));

const fields = () => [
  { name: 'name', label: t('races.name'), required: true, max: 200 },
  { name: 'date', label: t('races.date'), type: 'date', required: true, half: true },
  { name: 'status', label: t('races.status'), half: true, options: statusOptions() },
  { name: 'location', label: t('races.location'), required: true },
  { name: 'description', label: t('races.description'), type: 'textarea' },
  { name: 'registrationOpen', label: t('races.registrationOpen'), type: 'checkbox' },
  { name: 'registrationDeadline', label: t('races.deadline'), type: 'date', half: true },
  { name: 'registrationLink', label: t('races.link'), type: 'url', half: true },
];

const columns = ({ open }) => [
  { key: 'date', label: t('races.date'), sort: 'date', cell: (row) => html`<span class="tnum">${fmtDay(row.date)}</span>` },
  { key: 'name', label: t('races.name'), sort: 'name', name: true,
    cell: (row) => html`<button type="button" class="row-link" onClick=${() => open(row)}>${row.name}</button>` },
  { key: 'location', label: t('races.location'), opt: true, cell: (row) => orDash(row.location) },
  { key: 'status', label: t('races.status'), sort: 'status', cell: (row) => html`<${RaceStatus} status=${row.status} />` },
  { key: 'registration', label: t('races.registration'), opt: true,
    cell: (row) => t(row.registrationOpen ? 'races.open' : 'races.closed') },
];

/** Meets and competitions, newest first. */
export const RacesScreen = () => html`<${EntityScreen}
  words="races" path="/api/races" plural="races" singular="race" sort="-date" importKind="races" exportKind="races"
  action="races.write" fields=${fields()} columns=${columns} initial=${{ status: 'scheduled' }}
  filter=${{ name: 'status', label: t('races.status'), options: [{ value: '', label: t('raceStatus.all') }, ...statusOptions()] }} />`;
