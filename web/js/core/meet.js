// @ts-check
import { computed, reactive, shallowRef } from './vue.js';
import { isAbort, read } from './api.js';
import { route, setQuery } from './router.js';

/** @typedef {{ id: number, name: string, date: string, location: string, status: string }} Meet a race, as far as the switch shows it */

/** The switch lists so many; more are found by their name. */
const LISTED = 100;

/** The chosen race: what belongs to one is filtered by it. Null stands for all of them. */
export const meet = reactive({ id: fromAddress() ?? stored() });

/** The latest races, as the server said last. */
export const meets = reactive({
  rows: shallowRef(/** @type {Meet[] | null} */ (null)),
  total: 0,
  error: /** @type {any} */ (null),
});

/** The chosen race itself, also when it is not among the latest. @type {import('./vue.js').ShallowRef<Meet | null>} */
const named = shallowRef(null);
export const chosenMeet = computed(() => meets.rows?.find(({ id }) => id === meet.id) ?? (named.value?.id === meet.id ? named.value : null));

function fromAddress() {
  return Number(new URLSearchParams(location.search).get('race')) || null;
}

function stored() {
  try {
    return Number(localStorage.getItem('meet')) || null;
  } catch {
    return null;
  }
}

/**
 * Chooses a race, or all of them with null, and keeps the choice. A screen that has the choice in its address gets the new one there.
 *
 * @param {Meet | null} choice
 */
export function chooseMeet(choice) {
  named.value = choice;
  meet.id = choice?.id ?? null;
  try {
    if (choice) localStorage.setItem('meet', String(choice.id));
    else localStorage.removeItem('meet');
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
  if (route.value.query.has('race')) setQuery({ race: meet.id }, { replace: true });
}

/** Reads the latest races, and the chosen one when it is none of them. */
export async function loadMeets() {
  try {
    const answer = await read('/api/races', { query: { sort: '-date', perPage: LISTED } });
    meets.rows = answer.races;
    meets.total = answer.total;
    meets.error = null;
    if (meet.id !== null && !meets.rows?.some(({ id }) => id === meet.id)) await loadChosen(meet.id);
  } catch (error) {
    meets.error = error;
  }
}

/** @param {number} id */
async function loadChosen(id) {
  try {
    named.value = (await read(`/api/races/${id}`)).race;
  } catch (/** @type {any} */ error) {
    // It was deleted, perhaps by somebody else.
    if (error.status === 404 && meet.id === id) chooseMeet(null);
    else throw error;
  }
}

/**
 * Races whose name or place has these letters, latest first.
 *
 * @param {string} letters
 * @param {AbortSignal} signal
 * @returns {Promise<Meet[] | null>} null when it was given up
 */
export async function findMeets(letters, signal) {
  try {
    return (await read('/api/races', { query: { q: letters, sort: '-date', perPage: LISTED }, signal })).races;
  } catch (error) {
    if (isAbort(error)) return null;
    throw error;
  }
}
