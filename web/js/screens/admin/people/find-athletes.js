// @ts-check
import { read } from '../../../core/api.js';

const MOST = 8;

/** @param {any} athlete how somebody is told from others of the same name */
export const noteOf = (athlete) => [athlete.bibNumber, athlete.clubTeam, athlete.country].filter(Boolean).join(' · ');

/**
 * Choices for a combobox.
 *
 * @param {string} letters
 * @param {AbortSignal} signal
 */
export async function findAthletes(letters, signal) {
  const { athletes } = await read('/api/athletes', { query: { q: letters, perPage: MOST, sort: 'name' }, signal });
  return athletes.map((/** @type {any} */ athlete) => ({ value: athlete.id, label: athlete.name, note: noteOf(athlete), athlete }));
}
