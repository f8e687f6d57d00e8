// @ts-check
// Who is at which station. The token is kept by the browser, so that a reload or a locked phone ends nothing.
import { reactive } from '../../core/vue.js';

const STORE = 'station';

/** @typedef {{ id: number, eventId: number, role: string, label: string, person: string, expiresAt: string }} Station */

/**
 * `secret` is that of a link that was just opened, empty otherwise. `ended` is what the server said when the station was over.
 */
export const visit = reactive({
  token: '',
  station: /** @type {Station | null} */ (null),
  person: '',
  secret: '',
  ended: '',
});

/** A refusal of the server, or no answer at all: then `status` is 0. */
export class Refusal extends Error {
  /** @param {number} status @param {any} body @param {number} [retryAfter] in seconds */
  constructor(status, body, retryAfter = 0) {
    super(body?.detail ?? '');
    this.status = status;
    this.code = body?.code ?? '';
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

const PATIENCE_MS = 10_000;

/**
 * A request with the token of the station.
 *
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @param {Record<string, string>} [more] headers
 * @returns {Promise<{ body: any, etag: string | null }>} rejects with a `Refusal`
 */
export async function ask(method, path, body, more = {}) {
  /** @type {Record<string, string>} */
  const headers = { ...more };
  if (visit.token) headers.authorization = `Bearer ${visit.token}`;
  if (body) headers['content-type'] = 'application/json';
  const signal = AbortSignal.timeout(PATIENCE_MS);
  let response;
  try {
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body), signal });
  } catch {
    throw new Refusal(0, null);
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return { body: answer, etag: response.headers.get('ETag') };
  if (response.status === 401) visit.ended = answer?.detail ?? '';
  throw new Refusal(response.status, answer, Number(response.headers.get('Retry-After')) || 0);
}

/** Takes the secret out of the address, where others could read or bookmark it. */
export function start() {
  const kept = stored();
  Object.assign(visit, { token: kept.token ?? '', station: kept.station ?? null, person: kept.person ?? '' });
  const secret = location.hash.slice(1);
  if (!secret) return;
  history.replaceState({}, '', location.pathname + location.search);
  visit.secret = secret;
}

/** @param {string} name */
export async function enter(name) {
  const { body } = await ask('POST', '/api/stations/enter', { secret: visit.secret, name });
  Object.assign(visit, { token: body.token, station: body.station, person: name, secret: '', ended: '' });
  keep();
}

/** Forgets the station; the name stays for the next one. */
export function leave() {
  Object.assign(visit, { token: '', station: null, ended: '' });
  keep();
}

function keep() {
  const { token, station, person } = visit;
  try {
    localStorage.setItem(STORE, JSON.stringify({ token, station, person }));
  } catch {
    // Without storage the station lasts until the page is closed.
  }
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? '{}');
  } catch {
    return {};
  }
}
