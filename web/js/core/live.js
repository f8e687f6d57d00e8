// @ts-check
import { reactive } from './vue.js';
import { connection } from './connection.js';
import { dashboard } from './dashboard.js';
import { follow } from './stream.js';

/** @typedef {import('./stream.js').Word} Word */

/** The first change is shown at once, almost; those that follow it are shown together, so often at most. */
const AT_ONCE_MS = 150;
const PAUSE_MS = 2_000;

/**
 * How often rows of a kind have changed on the server: a list that shows such rows reads itself again with it. Goes up by one for any
 * number of changes at a time, and not while the page is hidden.
 */
export const changes = reactive({ athlete: 0, race: 0, event: 0, registration: 0, result: 0, user: 0, audit_log: 0, import: 0 });

/** @typedef {keyof typeof changes} Kind */

/** The rows that changed since it was told before; null stands for any of a kind. @type {Map<string, Set<number> | null>} */
let pending = new Map();
/** Those that were told last. */
let told = new Map(pending);
let timer = 0;
let toldAt = 0;

/** A number that differs whenever rows of one of these kinds have changed. @param {Kind[]} kinds */
export const changesOf = (...kinds) => kinds.reduce((sum, kind) => sum + changes[kind], 0);

/** Whether what was told last may be about this row. @param {string} kind @param {number} id */
export const concerns = (kind, id) => told.get(kind) === null || Boolean(told.get(kind)?.has(id));

/** @param {string} kind @param {number | null} id */
function note(kind, id) {
  const rows = pending.get(kind);
  if (id === null) pending.set(kind, null);
  else if (rows) rows.add(id);
  else if (rows === undefined) pending.set(kind, new Set([id]));
}

function plan() {
  if (pending.size && !document.hidden) timer ||= window.setTimeout(show, Math.max(AT_ONCE_MS, toldAt + PAUSE_MS - Date.now()));
}

function show() {
  timer = 0;
  if (document.hidden) return;
  [told, pending, toldAt] = [pending, new Map(), Date.now()];
  for (const kind of /** @type {Kind[]} */ (Object.keys(changes))) if (told.has(kind)) changes[kind] += 1;
}

/** @param {Word} word */
function hear({ change, missed, heard }) {
  if (change) note(change.entity, change.id);
  if (missed) for (const kind of Object.keys(changes)) note(kind, null);
  // The stream is the first to notice that the server is away, or back.
  if (heard !== undefined && heard === (connection.reach !== 'ok')) void dashboard.checkDatabaseHealth();
  plan();
}

/** Where the worker lies. All tabs that come from one build of the server share it. */
const WORKER = new URL('../live-worker.js', import.meta.url).href;
/** No text becomes code but the address of our own worker. */
const policy = /** @type {any} */ (window).trustedTypes?.createPolicy('athsys', { createScriptURL: () => WORKER });

/**
 * Through the worker that all tabs share; null where a browser has none, or lets no page have one.
 *
 * @param {() => void} failed called when it does not start
 */
function throughWorker(failed) {
  let worker;
  try {
    worker = new SharedWorker(policy ? policy.createScriptURL('') : WORKER, { type: 'module', name: 'live' });
  } catch {
    return null;
  }
  const { port } = worker;
  worker.onerror = failed;
  const join = () => port.postMessage('join');
  const leave = () => port.postMessage('leave');
  port.onmessage = ({ data }) => hear(data);
  // A closed tab tells nobody, and one that comes back from the history was not closed.
  addEventListener('pagehide', leave);
  addEventListener('pageshow', join);
  join();
  return () => {
    removeEventListener('pagehide', leave);
    removeEventListener('pageshow', join);
    leave();
    port.close();
  };
}

/** A stream of its own, while the page is seen. */
function alone() {
  let end = follow(hear);
  const turn = () => {
    end();
    end = document.hidden ? () => {} : follow(hear);
    // Nobody told what happened meanwhile.
    if (!document.hidden) hear({ missed: true });
  };
  document.addEventListener('visibilitychange', turn);
  return () => {
    document.removeEventListener('visibilitychange', turn);
    end();
  };
}

/** Follows what changes on the server until the returned function is called. */
export function followChanges() {
  const changeOver = () => {
    end();
    end = alone();
  };
  let end = throughWorker(changeOver) ?? alone();
  document.addEventListener('visibilitychange', plan);
  return () => {
    document.removeEventListener('visibilitychange', plan);
    clearTimeout(timer);
    timer = 0;
    end();
  };
}
