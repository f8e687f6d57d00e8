// @ts-check
import { reactive } from './vue.js';

/** A server that answers again within this time was only slow, or a cable was moved. */
const AWAY_AFTER_MS = 12_000;

/**
 * What is known of the way to the server, from every answer and from every answer that did not come.
 *
 * `reach`: `ok`, `retrying` since a moment ago, or `away`. `storing`: whether it can save: `full` when its disk is, `busy` when it
 * cannot for another reason. `lastAnswer` is a time in ms, 0 before the first one.
 */
export const connection = reactive({
  reach: /** @type {'ok' | 'retrying' | 'away'} */ ('ok'),
  storing: /** @type {'ok' | 'full' | 'busy'} */ ('ok'),
  lastAnswer: 0,
  silentSince: 0,
});

/**
 * To be called with every answer of the server.
 *
 * @param {number} status
 * @param {boolean} wasWrite
 */
export function answered(status, wasWrite) {
  connection.reach = 'ok';
  connection.lastAnswer = Date.now();
  connection.silentSince = 0;
  if (status === 507) connection.storing = 'full';
  else if (status === 503) connection.storing = 'busy';
  else if (wasWrite && status < 300) connection.storing = 'ok';
}

/** To be called when no answer came. */
export function unanswered() {
  connection.silentSince ||= Date.now();
  connection.reach = Date.now() - connection.silentSince > AWAY_AFTER_MS ? 'away' : 'retrying';
}

/** What the server says of its own database. @param {string} status of the health check, not `unreachable` */
export function databaseIs(status) {
  answered(200, false);
  if (status === 'healthy') connection.storing = 'ok';
  if (status === 'unhealthy') connection.storing = 'busy';
}
