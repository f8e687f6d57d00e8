// @ts-check
import { markRaw, reactive } from './vue.js';
import { client } from './api.js';
import { may } from './session.js';

/** @typedef {'athletes' | 'races' | 'bulk'} ImportKind */

const HEALTH_EVERY_MS = 30_000;

/**
 * The dashboard's state, also reachable as `window.athsys`. Integrations rely on these names: `api`, `importService`,
 * `showImportModal`, `importProgress`, `databaseHealth`, `performImport`, `performExport`, `checkDatabaseHealth`.
 */
export const dashboard = reactive({
  api: markRaw(client),
  importService: markRaw(new window.DataImportExportService()),

  showImportModal: false,
  importProgress: { imported: 0, failed: 0, total: 0, loaded: 0, size: 0, phase: 'idle' },
  importKind: /** @type {ImportKind} */ ('athletes'),
  importFile: /** @type {File | null} */ (null),
  importMode: 'partial',
  importOnDuplicate: 'error',

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
  performExport,
});

window.athsys = dashboard;

async function checkDatabaseHealth() {
  dashboard.healthLoading = true;
  const health = await dashboard.importService.checkDatabaseHealth();
  dashboard.healthLoading = false;
  dashboard.databaseHealth = health;
  dashboard.healthCheckedAt = Date.now();
  if (health.connected) dashboard.lastCounts = { counts: health.record_counts, at: Date.now() };
  return health;
}

/**
 * Imports the chosen file. Rejects with the server's error; an atomic refusal carries the report in `error.body`.
 *
 * @param {{ dryRun?: boolean, signal?: AbortSignal }} [options] with `dryRun` nothing is saved and the report is the same
 */
async function performImport({ dryRun = false, signal } = {}) {
  const { importService, importFile, importKind } = dashboard;
  if (!importFile) throw new Error('Choose a file first');
  const send = { athletes: 'importAthletesCsv', races: 'importRacesJson', bulk: 'importBulkJson' }[importKind];
  const options = { mode: dashboard.importMode, on_duplicate: dashboard.importOnDuplicate, ...(dryRun && { dry_run: true }), signal };
  const onProgress = (/** @type {any} */ progress) => Object.assign(dashboard.importProgress, progress);
  const report = await importService[send](importFile, onProgress, options);
  if (!dryRun) dataChanged();
  return report;
}

/**
 * Saves a file. Administrators get every field; others what their role may see.
 *
 * @param {'athletes' | 'races' | 'all'} kind
 */
async function performExport(kind) {
  const { importService, api } = dashboard;
  if (kind === 'all') return importService.exportAllJson();
  if (may('admin')) return kind === 'athletes' ? importService.exportAthletesCsv() : importService.exportRacesCsv();
  const text = await (kind === 'athletes' ? api.exportAthletes('csv') : api.exportRaces('csv'));
  importService.downloadFile(new Blob([text], { type: 'text/csv' }), `${kind}.csv`);
  return text;
}

/** To be called after every change, so that lists and counts are read again. */
export function dataChanged() {
  dashboard.revision += 1;
  void checkDatabaseHealth();
}

/** Looks after the database's health until the returned function is called; not while the page is hidden. */
export function watchHealth() {
  const look = () => document.hidden || void checkDatabaseHealth();
  look();
  const timer = setInterval(look, HEALTH_EVERY_MS);
  document.addEventListener('visibilitychange', look);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
  };
}
