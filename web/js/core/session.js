// @ts-check
import { reactive } from './vue.js';
import { asks, client, read } from './api.js';

/** @typedef {{ id: number, name: string, email: string, role: string }} User */

/**
 * `checking` until the stored token has been tried, then `in` or `out`. `expired` shows the sign-in form over the page, so that
 * nothing that was typed is lost. `user` is for display; what somebody may do is decided by the server.
 */
export const session = reactive({
  state: /** @type {'checking' | 'in' | 'out' | 'expired'} */ ('checking'),
  user: /** @type {User | null} */ (null),
  /** The password is asked for once more, while a request waits. */
  isConfirming: false,
  /** What is shown says itself that everybody is signed out, and leads to the form: it does not come over it. */
  isEndShown: false,
});

/** Requests that wait for the person to sign in again. @type {((signedIn: boolean) => void)[]} */
const waiting = [];

/** @param {'in' | 'out'} state @param {boolean} [signedIn] what waiting requests are told */
function settle(state, signedIn = state === 'in') {
  session.state = state;
  for (const resume of waiting.splice(0)) resume(signedIn);
}

/** Finds out whether the stored token still opens the door. */
export async function startSession() {
  if (!client.token) return settle('out');
  try {
    session.user = (await read('/api/auth/me', { quiet: true })).user;
    settle('in');
  } catch (/** @type {any} */ error) {
    // Without an answer the tokens may be good: the page opens, says that the server is away, and goes on when it is back.
    session.user = error.status === 0 ? storedUser() : null;
    settle(session.user ? 'in' : 'out');
  }
}

/** What the client library does when a session has ended for good: the form comes over the page, the request waits. */
window.AthSysAPI.onSignInNeeded = () => {
  if (session.state === 'out' || session.isEndShown) return Promise.resolve(false);
  session.state = 'expired';
  return new Promise((resume) => waiting.push(resume));
};

/** Requests that wait for the password. @type {((given: boolean) => void)[]} */
const unconfirmed = [];

asks.password = () => {
  session.isConfirming = true;
  return new Promise((resume) => unconfirmed.push(resume));
};

/** Ends the question; what waits for it goes on, or fails as it was refused. @param {boolean} given */
export function settlePassword(given) {
  session.isConfirming = false;
  for (const resume of unconfirmed.splice(0)) resume(given);
}

/** @param {string} password */
export async function confirmPassword(password) {
  await client.post('/api/auth/confirm', { password });
  settlePassword(true);
}

/** @returns {User | null} */
function storedUser() {
  try {
    return JSON.parse(localStorage.getItem('user') ?? 'null');
  } catch {
    return null;
  }
}

/** @param {string} email @param {string} password */
export const signIn = (email, password) => enter({ email, password });

/** The second step, for an account that wants one. @param {string} challenge of the first @param {string} code */
export const signInWithCode = (challenge, code) => enter({ challenge, code });

/** @param {object} proof */
async function enter(proof) {
  const answer = await client.post('/api/auth/login', proof);
  client.setTokens(answer.access_token ?? answer.token, answer.refresh_token, answer.user);
  session.user = answer.user;
  settle('in');
}

export async function signOut() {
  try {
    await client.post('/api/auth/logout', undefined, { quiet: true });
  } catch {
    // The tokens are forgotten here whatever the server says.
  }
  client.clearTokens();
  session.user = null;
  settle('out');
}

/** Closes the form over the page; what was waiting for it fails, and the next request asks again. */
export const postponeSignIn = () => settle('in', false);

// Another tab signed out or in. Without a token lists would quietly show only their public part, so the page asks at once.
addEventListener('storage', (event) => {
  if (event.key !== 'authToken') return;
  if (!event.newValue && session.state === 'in') session.state = 'expired';
  else if (event.newValue && session.state === 'expired') settle('in');
});

const ADMIN = ['admin'];
const MANAGE_RACES = [...ADMIN, 'chief_registrar'];
const MANAGE_ENTRIES = [...MANAGE_RACES, 'registrar'];
const WORK_WITH_RESULTS = [...MANAGE_ENTRIES, 'official'];

/** Actions as the server grants them; here they only decide what is drawn. @type {Record<string, string[]>} */
const ROLES = {
  'athletes.private': MANAGE_ENTRIES,
  'athletes.write': MANAGE_ENTRIES,
  'athletes.erase': MANAGE_RACES,
  'races.write': MANAGE_RACES,
  'events.write': MANAGE_RACES,
  'registrations.read': [...WORK_WITH_RESULTS, 'starter', 'coach', 'athlete'],
  'registrations.write': MANAGE_ENTRIES,
  'registrations.presence': [...MANAGE_ENTRIES, 'starter'],
  'results.write': WORK_WITH_RESULTS,
  'results.delete': MANAGE_ENTRIES,
  'stations.write': MANAGE_RACES,
  'users.write': MANAGE_RACES,
  admin: ADMIN,
};

/** @param {string} action one of those above */
export const rolesFor = (action) => ROLES[action] ?? [];

/** @param {string} action one of those above */
export const may = (action) => rolesFor(action).includes(session.user?.role ?? '');
