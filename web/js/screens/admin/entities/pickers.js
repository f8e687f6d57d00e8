import { read } from '../../../core/api.js';
import { fmtDay } from '../../../core/format.js';
import { t } from '../../../core/i18n.js';
import { meet } from '../../../core/meet.js';
import { eventTitle } from './words.js';

// What the fields find that hold another row.

const SHOWN = 20;
const joined = (...parts) => parts.filter(Boolean).join(' · ');

/** By bib, name or club. */
export async function findAthletes(letters, signal) {
  const { athletes } = await read('/api/athletes', { query: { q: letters, perPage: SHOWN, sort: 'name' }, signal });
  const bib = (row) => (row.bibNumber ? t('athletes.bibOf', { bib: row.bibNumber }) : '');
  return athletes.map((row) => ({ value: row.id, label: row.name, note: joined(bib(row), row.clubTeam, row.country) }));
}

/** Events of the chosen meet, or of all. */
export async function findEvents(letters, signal) {
  const { events } = await read('/api/events', { query: { q: letters, raceId: meet.id, perPage: SHOWN }, signal });
  return events.map((row) => ({ value: row.id, label: eventTitle(row), note: row.raceName ?? '' }));
}

export async function findRaces(letters, signal) {
  const { races } = await read('/api/races', { query: { q: letters, perPage: SHOWN, sort: '-date' }, signal });
  return races.map((row) => ({ value: row.id, label: row.name, note: joined(fmtDay(row.date), row.location) }));
}
