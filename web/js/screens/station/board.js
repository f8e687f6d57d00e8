// @ts-check
// The event of the station: who is entered and what they have done.
import { reactive } from '../../core/vue.js';
import { ask, visit } from './visit.js';

const LOOK_AGAIN_MS = 15_000;
/** The member that holds a mark of the event. @type {Record<string, string>} */
const MARK = { time: 'timeSeconds', distance: 'distanceMeters', points: 'points' };

export const board = reactive({
  event: /** @type {any} */ (null),
  measure: 'time',
  hasWind: false,
  entries: /** @type {any[]} */ ([]),
  results: /** @type {any[]} */ ([]),
  round: 'final',
  problem: '',
});

export async function loadBoard() {
  const { body } = await ask('GET', '/api/stations/here');
  const { event, measure, hasWind, entries, results } = body;
  Object.assign(board, { event, measure, hasWind, entries: entries.filter(starts).toSorted(byHeatAndLane), results, problem: '' });
}

/** Looks at once, and again from time to time, as others enter results too. */
export function watchBoard() {
  const look = async () => {
    try {
      if (visit.token && !visit.ended && !document.hidden) await loadBoard();
    } catch (/** @type {any} */ error) {
      if (!board.event) board.problem = error.message || 'away';
    }
    setTimeout(look, LOOK_AGAIN_MS);
  };
  look();
}

/** @param {any} entry */
const starts = (entry) => entry.status !== 'cancelled';

/** @param {any} one @param {any} other */
const byHeatAndLane = (one, other) =>
  (one.heatNumber ?? 0) - (other.heatNumber ?? 0) || (one.laneNumber ?? 0) - (other.laneNumber ?? 0)
  || String(bibOf(one)).localeCompare(String(bibOf(other)), undefined, { numeric: true });

/** The bib worn in this event. @param {any} entry */
export const bibOf = (entry) => entry.bibNumber ?? entry.athleteBib ?? '';

/**
 * The result of an entry in a round; with several heats that of its own.
 *
 * @param {any} entry
 * @param {string} [round]
 */
export function resultOf(entry, round = board.round) {
  const ofRound = board.results.filter((result) => result.athleteId === entry.athleteId && result.round === round);
  return ofRound.find((result) => result.heatNumber === entry.heatNumber) ?? ofRound[0];
}

/** The rounds there are results of, and the final. */
export const rounds = () => [...new Set(['final', ...board.results.map((result) => result.round)])];

/**
 * The values of a result as they go to the server: a mark, or why there is none.
 *
 * @param {{ mark: string, status: string, wind: string }} form
 */
export function valuesOf({ mark, status, wind }) {
  const isDone = status === 'finished';
  /** @type {Record<string, any>} */
  const values = { status, [MARK[board.measure]]: isDone ? decimal(mark) : null };
  if (board.hasWind) values.windSpeed = isDone && wind.trim() ? decimal(wind).replace('\u2212', '-') : null;
  return values;
}

/** Many keyboards of phones have a comma where the point should be. @param {string} text */
const decimal = (text) => text.trim().replace(/^([^,]*),([^,]*)$/, '$1.$2');

/**
 * How a change is written: onto the row that is there, or as a new one.
 *
 * @param {{ kind: string, subject: number, values: Record<string, any> }} change `subject` is the id of an entry
 */
export function requestFor({ kind, subject, values }) {
  if (kind === 'entry') return { method: 'PUT', path: `/api/registrations/${subject}`, body: values, headers: {} };
  const { round, ...rest } = values;
  const entry = board.entries.find((one) => one.id === subject) ?? {};
  const stored = resultOf(entry, round);
  if (stored) return { method: 'PUT', path: `/api/results/${stored.id}`, body: rest, headers: { 'if-match': stored.etag } };
  const { athleteId, heatNumber, laneNumber } = entry;
  const body = { athleteId, eventId: visit.station?.eventId, round, heatNumber, laneNumber, ...rest };
  return { method: 'POST', path: '/api/results', body, headers: {} };
}

/** Puts a row that was saved where it belongs. @param {string} kind @param {any} answer @param {string | null} etag */
export function takeRow(kind, answer, etag) {
  const rows = kind === 'entry' ? board.entries : board.results;
  const row = { ...(kind === 'entry' ? answer.registration : answer.result), etag };
  const place = rows.findIndex((one) => one.id === row.id);
  if (place < 0) rows.push(row);
  else rows[place] = row;
}
