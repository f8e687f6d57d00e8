// @ts-check
// What was entered and is not saved yet. It is kept by the browser until the server has said yes, sent again while the network is away,
// each time under the same `Idempotency-Key`, and shown until somebody decides when the server says no.
import { reactive } from '../../core/vue.js';
import { takeRow, loadBoard, requestFor } from './board.js';
import { ask, visit } from './visit.js';

const STORE = 'station-outbox';
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;

/**
 * `row` names what it is about: a newer change of the same takes the place of one that was never sent. `request` is what was sent first;
 * a repetition must be the same. `refused` is what the server said, `isConflict` that somebody else was first.
 *
 * @typedef {{ row: string, kind: 'result' | 'entry', subject: number, title: string, values: Record<string, any>, key: string,
 *   request?: { method: string, path: string, body: object, headers: Record<string, string> }, refused?: string, isConflict?: boolean }} Change
 */

export const outbox = reactive({
  changes: /** @type {Change[]} */ ([]),
  isSending: false,
  /** No answer came to the last try. */
  isAway: false,
});

let timer = 0;
let wait = FIRST_WAIT_MS;

/** Continues with what an earlier visit of this page has left. */
export function startOutbox() {
  outbox.changes = stored();
  addEventListener('online', sendNow);
  addEventListener('beforeunload', (event) => {
    if (outbox.changes.length) event.preventDefault();
  });
  sendNow();
}

/** @param {string} row */
export const pendingOf = (row) => outbox.changes.findLast((change) => change.row === row);

/** @param {Omit<Change, 'key'>} change */
export function save(change) {
  const older = (/** @type {Change} */ other) => other.row === change.row && (!other.request || other.refused);
  outbox.changes = [...outbox.changes.filter((other) => !older(other)), { ...change, key: randomKey() }];
  keep();
  sendNow();
}

/** Gives up a change that was refused. @param {Change} change */
export function discard(change) {
  outbox.changes = outbox.changes.filter((other) => other.key !== change.key);
  keep();
}

/** Sends a refused change once more, onto what is stored now. @param {Change} change */
export function insist(change) {
  discard(change);
  const { row, kind, subject, title, values } = change;
  save({ row, kind, subject, title, values });
}

export function sendNow() {
  clearTimeout(timer);
  wait = FIRST_WAIT_MS;
  send();
}

async function send() {
  if (outbox.isSending || !visit.token || visit.ended) return;
  const change = outbox.changes.find((one) => !one.refused);
  if (!change) return;
  outbox.isSending = true;
  const isDone = await attempt(change);
  outbox.isSending = false;
  keep();
  if (isDone) {
    wait = FIRST_WAIT_MS;
    return send();
  }
  timer = setTimeout(send, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

/** Whether the server has decided, one way or the other. @param {Change} change */
async function attempt(change) {
  change.request ??= requestFor(change);
  keep();
  const { method, path, body, headers } = change.request;
  try {
    const answer = await ask(method, path, body, { ...headers, 'idempotency-key': change.key });
    takeRow(change.kind, answer.body, answer.etag);
    discard(change);
    outbox.isAway = false;
    return true;
  } catch (/** @type {any} */ error) {
    outbox.isAway = error.status === 0;
    if (error.status === 0 || error.status === 408 || error.status === 429 || error.status >= 500) {
      wait = Math.max(wait, error.retryAfter * 1000);
      return false;
    }
    if (error.status === 401) return false; // the page says that the station has ended; the change stays
    change.refused = error.message;
    change.isConflict = error.status === 409;
    if (change.isConflict) await loadBoard().catch(() => {});
    return true;
  }
}

function keep() {
  try {
    localStorage.setItem(STORE, JSON.stringify(outbox.changes));
  } catch {
    // Without storage it is kept by the page alone, which asks before it is left.
  }
}

/** @returns {Change[]} */
function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? '[]');
  } catch {
    return [];
  }
}

/** `crypto.randomUUID` is not there over plain http. */
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
