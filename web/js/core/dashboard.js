// @ts-check
import { markRaw, reactive, watch } from './vue.js';
import { asks, client } from './api.js';
import { connection, databaseIs, unanswered } from './connection.js';
import { exportPath, takeExport } from './exporting.js';
import { may } from './session.js';

/** @typedef {'athletes' | 'registrations' | 'results' | 'events' | 'races' | 'users' | 'bulk'} ImportKind */
/** @typedef {{ column: string, row?: number, from?: string, to: string }} Repair a mended cell, or all of a column that are alike */

/** Kinds of rows that hang on athletes or on a race, which the file need not hold. */
export const NEEDS_ATHLETES = ['registrations', 'results'];
export const NEEDS_RACE = ['registrations', 'results', 'events'];

const HEALTH_EVERY_MS = 30_000;
/** While the server does not answer or cannot save it is asked more often, so that the page is back soon after it. */
const RETRY_EVERY_MS = 3000;
const isTroubled = () => connection.reach !== 'ok' || connection.storing !== 'ok';

/** The service of the pages, which asks for the password once more before a file with accounts. */
class PageFiles extends window.DataImportExportService {
  /** @param {any} upload */
  async _upload(upload) {
    const answer = await super._upload(upload);
    if (answer.status !== 403 || answer.body.code !== 'password-needed') return answer;
    return (await asks.password()) ? super._upload(upload) : answer;
  }
}

/**
 * The dashboard's state, also reachable as `window.athsys`. Integrations rely on these names: `api`, `importService`,
 * `showImportModal`, `importProgress`, `databaseHealth`, `performImport`, `performExport`, `checkDatabaseHealth`.
 */
export const dashboard = reactive({
  api: markRaw(client),
  importService: markRaw(new PageFiles()),

  showImportModal: false,
  importProgress: { imported: 0, failed: 0, total: 0, rows: 0, eta: /** @type {number | null} */ (null), loaded: 0, size: 0, phase: 'idle' },
  importKind: /** @type {ImportKind} */ ('athletes'),
  importFile: /** @type {File | null} */ (null),
  importMode: 'partial',
  importOnDuplicate: 'error',
  importCreatesAthletes: false,
  /** The race of rows that name none. @type {number | null} */
  importRace: null,
  /** What a person has said of this very file: how it is read, what its columns mean, what is written instead. */
  importReading: asFound(),

  /** The service's last answer; null, which means unknown, before the first one. */
  databaseHealth: /** @type {any} */ (null),
  healthCheckedAt: 0,
  /** The counts of the last answer that had some, for when the server cannot be reached. */
  lastCounts: /** @type {null | { counts: Record<string, number>, at: number }} */ (null),
  healthLoading: false,

  /** Goes up when stored rows may have changed, so that lists read themselves again. */
  revision: 0,

  checkDatabaseHealth,
  performImport,
  performCheck,
  performExport,
});

window.athsys = dashboard;

async function checkDatabaseHealth() {
  dashboard.healthLoading = true;
  const health = await dashboard.importService.checkDatabaseHealth();
  dashboard.healthLoading = false;
  dashboard.databaseHealth = health;
  dashboard.healthCheckedAt = Date.now();
  if (health.status === 'unreachable') unanswered();
  else databaseIs(health);
  if (health.connected) dashboard.lastCounts = { counts: health.record_counts, at: Date.now() };
  return health;
}

/** Nothing is said yet; `mapping` is heading to field, or to null. */
export function asFound() {
  return {
    encoding: '',
    delimiter: '',
    mapping: /** @type {Record<string, string | null> | null} */ (null),
    repairs: /** @type {Repair[]} */ ([]),
  };
}

/**
 * How a file is to be imported, in the words of the API.
 *
 * @param {ImportKind} kind
 * @param {ReturnType<typeof asFound>} reading
 */
function importOptions(kind, { encoding, delimiter, mapping, repairs }) {
  const { importRace: race } = dashboard;
  return {
    mode: dashboard.importMode,
    on_duplicate: dashboard.importOnDuplicate,
    ...(encoding && { encoding }),
    ...(delimiter && { delimiter }),
    ...(mapping && { mapping }),
    ...(repairs.length && { repairs }),
    ...(race && NEEDS_RACE.includes(kind) && { race_id: race }),
    ...(dashboard.importCreatesAthletes && NEEDS_ATHLETES.includes(kind) && { create_athletes: true }),
  };
}

/** @param {any} progress */
const onProgress = (progress) => Object.assign(dashboard.importProgress, progress);

function chosenFile() {
  if (!dashboard.importFile) throw new Error('Choose a file first');
  Object.assign(dashboard.importProgress, { imported: 0, failed: 0, total: 0, rows: 0, eta: null, loaded: 0, size: 0, phase: 'uploading' });
  return dashboard.importFile;
}

/**
 * Imports the chosen file. Rejects with the server's error; an atomic refusal carries the report in `error.body`.
 *
 * @param {{ dryRun?: boolean, signal?: AbortSignal }} [options] with `dryRun` nothing is saved and the report is the same; the
 *   signal stops the import, of which nothing stays then
 */
async function performImport({ dryRun = false, signal } = {}) {
  const { importKind: kind, importReading: reading } = dashboard;
  const options = { ...importOptions(kind, reading), ...(dryRun && { dry_run: true }), signal };
  try {
    return await dashboard.importService.importFile(kind, chosenFile(), onProgress, options);
  } finally {
    // One that was refused or stopped stands in the history too.
    if (!dryRun) dataChanged();
  }
}

/** What an import of the chosen file would do. @param {{ signal?: AbortSignal }} [options] */
async function performCheck({ signal } = {}) {
  const { importKind: kind, importReading: reading } = dashboard;
  return dashboard.importService.previewFile(kind, chosenFile(), onProgress, { ...importOptions(kind, reading), signal });
}

/**
 * The same of any file, beside whatever is going on.
 *
 * @param {{ file: File, kind: ImportKind, reading: ReturnType<typeof asFound>, signal?: AbortSignal }} what
 */
export function lookAt({ file, kind, reading, signal }) {
  return dashboard.importService.previewFile(kind, file, () => {}, { ...importOptions(kind, reading), signal });
}

/**
 * Saves a file and resolves to its content: a text, a workbook as a `Blob`, everything as JSON as an object. Administrators get
 * every field; others what their role may see.
 *
 * @param {string} kind a kind of rows, or `all`
 * @param {string} [format]
 * @param {{ query?: object, signal?: AbortSignal, onProgress?: (progress: { bytes: number, rows: number }) => void }} [options]
 *   `query` holds columns, byte order mark and filters
 */
async function performExport(kind, format = kind === 'all' ? 'json' : 'csv', { query = {}, signal, onProgress } = {}) {
  const { path, parameters } = exportPath(kind, format, may('admin'));
  const { blob, name } = await takeExport(path, { query: { ...parameters, ...query }, signal, onProgress });
  dashboard.importService.downloadFile(blob, kind === 'all' && format === 'json' ? backupName() : name || `${kind}.${format}`);
  if (format === 'xlsx') return blob;
  return kind === 'all' ? JSON.parse(await blob.text()) : blob.text();
}

/** Everything as JSON is called after the calendar date where the person is: Swedes write it as ISO does. */
const backupName = () => `athsys_backup_${new Date().toLocaleDateString('sv')}.json`;

/** To be called after every change, so that lists and counts are read again. */
export function dataChanged() {
  dashboard.revision += 1;
  void checkDatabaseHealth();
}

/** Looks after the database's health until the returned function is called; not while the page is hidden. */
export function watchHealth() {
  let timer = 0;
  let stopped = false;
  const look = async () => {
    clearTimeout(timer);
    if (!document.hidden) await checkDatabaseHealth();
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(look, isTroubled() ? RETRY_EVERY_MS : HEALTH_EVERY_MS);
  };
  const lookWhenSeen = () => document.hidden || void look();
  // Any request that finds the server silent, or not saving, brings the next look forward.
  const stopWatching = watch(isTroubled, (troubled) => troubled && void look());
  void look();
  document.addEventListener('visibilitychange', lookWhenSeen);
  window.addEventListener('online', look);
  return () => {
    stopped = true;
    clearTimeout(timer);
    stopWatching();
    document.removeEventListener('visibilitychange', lookWhenSeen);
    window.removeEventListener('online', look);
  };
}
