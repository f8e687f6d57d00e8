// @ts-check
import { reactive } from './vue.js';

/** A server that answers again within this time was only slow, or a cable was moved. */
const AWAY_AFTER_MS = 12_000;

/** The file that people copy is published within seconds; what it lacks for longer is a fault. */
export const OLD_COPY_S = 30;
/** From here on the server asks for a decision, in bytes. */
const DISK_LOW = 500 * 1024 * 1024;
/** In per cent, while nothing feeds it. */
const BATTERY_LOW = 20;
const BATTERY_VERY_LOW = 10;
/** What it means for saving when a request was refused with a code. @type {Record<string, 'full' | 'busy' | 'restoring'>} */
const STORING = { 'disk-full': 'full', restoring: 'restoring', 'database-down': 'busy', stopping: 'busy', busy: 'busy' };

/**
 * What is known of the way to the server, from every answer and from every answer that did not come.
 *
 * `reach`: `ok`, `retrying` since a moment ago, or `away`. `storing`: whether it can save: `full` when its disk is, `restoring`
 * while a backup takes the place of everything, `busy` when it cannot for another reason. `care`: what an administrator should see to
 * while everything is still saved. `lastAnswer` is a time in ms, 0 before the first one.
 */
export const connection = reactive({
  reach: /** @type {'ok' | 'retrying' | 'away'} */ ('ok'),
  storing: /** @type {'ok' | 'full' | 'restoring' | 'busy'} */ ('ok'),
  care: /** @type {null | { code: 'copyOld' | 'backups' | 'diskLow' | 'batteryLow' | 'batteryVeryLow' | 'slept', seconds?: number, bytes?: number,
    percent?: number, until?: string }} */ (null),
  lastAnswer: 0,
  silentSince: 0,
});

/**
 * To be called with every answer of the server.
 *
 * @param {number} status
 * @param {boolean} wasWrite
 * @param {string} [code] of a refusal
 */
export function answered(status, wasWrite, code = '') {
  connection.reach = 'ok';
  connection.lastAnswer = Date.now();
  connection.silentSince = 0;
  if (status >= 500 && STORING[code]) connection.storing = STORING[code];
  else if (wasWrite && status < 300) connection.storing = 'ok';
}

/** To be called when no answer came. */
export function unanswered() {
  connection.silentSince ||= Date.now();
  connection.reach = Date.now() - connection.silentSince > AWAY_AFTER_MS ? 'away' : 'retrying';
}

/**
 * What the server says of its own database; to whom it is no business it does not say all.
 *
 * @param {{ status: string, connected: boolean, writable?: boolean, details?: any }} health not `unreachable`
 */
export function databaseIs({ status, connected, writable = status !== 'unhealthy', details }) {
  answered(200, false);
  if (writable) connection.storing = 'ok';
  // It cannot be read either: that is how a restore looks from here.
  else if (connected || connection.storing !== 'restoring') connection.storing = status === 'unhealthy' ? 'busy' : 'full';
  connection.care = careOf(details);
}

/** @param {any} details */
function careOf(details) {
  if (!details) return null;
  const { published, backup_problems: problems, free_disk_bytes: bytes, battery, slept } = details;
  if (published?.behind_seconds > OLD_COPY_S) return { code: /** @type {const} */ ('copyOld'), seconds: published.behind_seconds };
  if (problems?.length) return { code: /** @type {const} */ ('backups') };
  if (bytes < DISK_LOW) return { code: /** @type {const} */ ('diskLow'), bytes };
  if (battery && !battery.charging && battery.percent <= BATTERY_LOW) {
    const code = /** @type {const} */ (battery.percent <= BATTERY_VERY_LOW ? 'batteryVeryLow' : 'batteryLow');
    return { code, percent: battery.percent };
  }
  return slept ? { code: /** @type {const} */ ('slept'), ...slept } : null;
}
