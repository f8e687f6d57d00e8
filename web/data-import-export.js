// Import, export and database health for any page. A classic script without dependencies: `window.DataImportExportService`.
// When `/api-service.js` is on the page too, an expired session is renewed and the request repeated.
(() => {
  'use strict';

  const MEGABYTE = 1024 * 1024;
  const MAX_TEXT_FILE = 256 * MEGABYTE;
  const BOM = '\uFEFF';
  const RACE_STATUSES = ['scheduled', 'ongoing', 'completed', 'cancelled', 'upcoming', 'open', 'draft'];
  const FORMATS = { csv: 'csv', txt: 'csv', tsv: 'csv', json: 'json', ndjson: 'ndjson', jsonl: 'ndjson', xlsx: 'xlsx', xlsm: 'xlsx' };

  /** How often to ask after an import: a short one is over soon, a long one needs no hurry. */
  const FIRST_PAUSE_MS = 20;
  const LAST_PAUSE_MS = 250;
  /** The server may be out of reach for so long without an import being given up: it goes on without us. */
  const PATIENCE_MS = 60_000;

  /** @param {number} status @param {Record<string, any>} body @returns {Error} with `status`, `code`, `errors` and the whole `body` */
  function failure(status, body) {
    const message = body.message || body.detail || (status ? `The server answered ${status}.` : 'The server could not be reached.');
    const code = body.code || (status ? String(status) : 'unreachable');
    return Object.assign(new Error(message), { status, code, errors: Array.isArray(body.errors) ? body.errors : [], body });
  }

  /** New for each request: one that is repeated after a lost answer is applied once. */
  const requestKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

  /** The name in `Content-Disposition`. @param {string | null} header @param {string} otherwise */
  function fileNameOf(header, otherwise) {
    const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header ?? '');
    if (encoded) return decodeURIComponent(encoded[1]);
    return /filename="?([^";]+)"?/i.exec(header ?? '')?.[1] ?? otherwise;
  }

  /** The calendar date where the person is: Swedes write it as ISO does. */
  const localDate = () => new Date().toLocaleDateString('sv');

  const isRealDate = (text) => {
    const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
    return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  };

  /** The first member that is there, as the text of a cell. */
  const cell = (row, ...names) => String(names.map((name) => row?.[name]).find((value) => value !== undefined && value !== null) ?? '').trim();

  /** Cells of each record, as RFC 4180 has it. @param {string} text @returns {string[][]} */
  function parseCsv(text) {
    const pattern = /(?:"([^"]*(?:""[^"]*)*)"([^,\r\n]*)|([^,\r\n]*))(,|\r\n|\r|\n|$)/y;
    const records = [];
    let record = [];
    while (pattern.lastIndex < text.length || record.length) {
      const [, quoted, rest, plain, end] = pattern.exec(text);
      if (plain?.startsWith('"')) throw new Error(`Row ${records.length + 1}: a quote is never closed`);
      record.push(plain ?? quoted.replaceAll('""', '"') + rest);
      if (end === ',') continue;
      if (record.length > 1 || plain !== '') records.push(record); // else a blank line
      record = [];
    }
    return records;
  }

  /** What the ending of a file's name says. @param {File} file @returns {'csv' | 'json' | 'ndjson' | 'xlsx'} */
  function formatOf(file) {
    const ending = /[^.]*$/.exec(file.name.toLowerCase())[0];
    if (FORMATS[ending]) return FORMATS[ending];
    throw new Error(`A file .${ending} cannot be read. Choose a .csv, .xlsx, .json or .ndjson file.`);
  }

  /** Under which name a file is sent: text tables have many endings, the server knows one. */
  const nameOf = (file, format) => (file.name ?? `upload.${format}`).replace(/\.(txt|tsv)$/i, '.csv');

  const jsonFile = (json, name) =>
    json instanceof Blob ? json : new File([typeof json === 'string' ? json : JSON.stringify(json)], name, { type: 'application/json' });

  /** Ends early when the signal says so. */
  const wait = (ms, signal) => new Promise((done) => [setTimeout(done, ms), signal?.addEventListener('abort', done)]);

  const stopped = () => new DOMException('The import was stopped.', 'AbortError');

  /** What an import answers that was waited for, from what the history has of it. */
  function answerOf({ state, mode, report }) {
    if (report.cancelled || report.code === 'import-stopped') throw stopped();
    if (state === 'interrupted') throw failure(500, { code: 'interrupted', ...report });
    if (report.code) throw failure(report.http_status ?? 400, report);
    const isRefused = state === 'failed' && mode === 'atomic' && report.failed > 0;
    if (isRefused) throw failure(422, { ...report, code: 'import-refused', status: 422, import_status: 'failed' });
    return report;
  }

  /** @typedef {{imported: number, failed: number, total: number, rows?: number, eta?: number | null, loaded?: number, size?: number,
   *   phase: 'uploading' | 'waiting' | 'importing' | 'done', results?: object}} Progress `eta`: milliseconds that are left */
  /** @typedef {{mode?: string, on_duplicate?: string, dry_run?: boolean, mapping?: object, encoding?: string, delimiter?: string,
   *   repairs?: object[], create_athletes?: boolean, race_id?: number, signal?: AbortSignal}} ImportOptions */

  class DataImportExportService {
    /** @param {string} [baseURL] the page's own origin when left out */
    constructor(baseURL = '') {
      this.baseURL = (baseURL || window.location.origin).replace(/\/$/, '');
      /** Percent of the file that has been sent. */
      this.uploadProgress = 0;
      this.importInProgress = false;
    }

    /** The access token that the next request carries. */
    get token() {
      try {
        return localStorage.getItem('authToken');
      } catch {
        return null; // storage may be forbidden
      }
    }

    /** The headers that every request carries. */
    get headers() {
      return { Accept: 'application/json', ...(this.token && { Authorization: `Bearer ${this.token}` }) };
    }

    // ---- database health ----

    /** Never rejects: without an answer it resolves to `status: 'unreachable'` and `connected: false`. @returns {Promise<Record<string, any>>} */
    async checkDatabaseHealth() {
      try {
        const response = await this._fetch('/api/admin/database/health', {}, { quiet: true, timeout: 10_000 });
        const body = await response.json();
        if (body.health_check) return body;
        throw failure(response.status, body);
      } catch (error) {
        const timestamp = new Date().toISOString();
        const flat = { status: 'unreachable', connected: false, tables: {}, record_counts: {}, timestamp };
        return { ...flat, health_check: { ...flat }, message: `\u274C ${error.message}` };
      }
    }

    /** Rejects with the server's message when something is not as it should be. */
    validateDatabase() { return this._json('/api/admin/database/validate', { method: 'POST' }); }

    /** Creates the tables of a new database; resolves also when they are there already. */
    initializeDatabase() { return this._json('/api/admin/database/initialize', { method: 'POST' }); }
    getSyncStatus() { return this._json('/api/admin/sync/status'); }

    // ---- import ----

    /**
     * @param {string | Blob} csv text, or a file as it is (the server finds out its encoding and delimiter)
     * @param {(progress: Progress) => void} [onProgress]
     * @param {ImportOptions} [options]
     */
    async importAthletesCsv(csv, onProgress, options) {
      const file = csv instanceof Blob ? csv : new File([csv], 'athletes.csv', { type: 'text/csv' });
      return this._import('athletes-csv', file, onProgress, options);
    }

    /** @param {object | Blob} json `{races: […]}`, an array of races, or a file; the rest as for `importAthletesCsv` */
    async importRacesJson(json, ...rest) { return this._import('races-json', jsonFile(json, 'races.json'), ...rest); }

    /** @param {object | Blob} bulk `{users, athletes, races, …}`, each a list, or a file. The last progress has `results` by kind. */
    async importBulkJson(bulk, ...rest) { return this._import('bulk-json', jsonFile(bulk, 'bulk.json'), ...rest); }

    /**
     * Imports any file. With `options.signal` it can be stopped until its end, and nothing of it stays.
     *
     * @param {string} dataset `athletes`, `races`, `events`, `registrations`, `results`, `users`, or `bulk` for several of them
     * @param {File} file its ending says the format
     */
    async importFile(dataset, file, ...rest) { return this._import(`${dataset}-${formatOf(file)}`, file, ...rest); }

    /** What an import would do, and what would mend what is wrong; nothing is stored. Parameters as for `importFile`. */
    async previewFile(dataset, file, ...rest) { return this._send(`${dataset}-${formatOf(file)}/preview`, file, ...rest); }

    getAthletesImportTemplate() { return this._json('/api/admin/import/athletes-template'); }
    getRacesImportTemplate() { return this._json('/api/admin/import/races-template'); }
    getBulkImportTemplate() { return this._json('/api/admin/import/bulk-template'); }

    // ---- export: each saves a file and resolves to its content ----

    async exportAthletesCsv() { return (await this.exportFile('athletes', 'csv')).text(); }
    async exportRacesCsv() { return (await this.exportFile('races', 'csv')).text(); }

    /** @returns {Promise<{data: object}>} what `athsys_backup_YYYY-MM-DD.json` holds */
    async exportAllJson() {
      return JSON.parse(await (await this.exportFile('all', 'json', `athsys_backup_${localDate()}.json`)).text());
    }

    /** Saves any export and resolves to its `Blob`. @param {string} dataset as for `importFile`, or `all` @param {string} format */
    async exportFile(dataset, format, name = '') {
      const response = await this._fetch(`/api/admin/export/${dataset}-${format}`, {});
      if (!response.ok) throw failure(response.status, await response.json().catch(() => ({})));
      const blob = await response.blob();
      this.downloadFile(blob, name || fileNameOf(response.headers.get('Content-Disposition'), `${dataset}.${format}`));
      return blob;
    }

    // ---- CSV, files, checks ----

    /** @param {string} csv the first record names the members @returns {Record<string, string>[]} */
    csvToJson(csv) {
      const [headers, ...records] = parseCsv(csv.startsWith(BOM) ? csv.slice(1) : csv);
      return records.map((record) => Object.fromEntries(headers.map((header, i) => [header, record[i] ?? ''])));
    }

    /** @param {Record<string, any>[]} rows @param {string[]} [headers] every member of every row when left out */
    jsonToCsv(rows, headers = [...new Set(rows.flatMap((row) => Object.keys(row)))]) {
      const text = (value) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? ''));
      const quote = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
      // A single empty cell would be a blank line, which a reader skips.
      const line = (cells) => (cells.length === 1 && cells[0] === '' ? '""' : cells.map(quote).join(','));
      const records = [headers, ...rows.map((row) => headers.map((header) => text(row[header])))];
      return records.map((cells) => `${line(cells)}\r\n`).join('');
    }

    /** @param {Record<string, any>} athlete @returns {string[]} messages, none when it can be stored */
    validateAthleteData(athlete) {
      const name = cell(athlete, 'name');
      const email = cell(athlete, 'email', 'contact_email');
      return [
        !name && 'Name is required',
        name.length > 100 && 'Name is longer than 100 characters',
        !cell(athlete, 'country') && 'Country is required',
        email && !this.isValidEmail(email) && 'Invalid email format',
        cell(athlete, 'bibNumber', 'bib_number', 'bib').length > 20 && 'Bib number is longer than 20 characters',
      ].filter(Boolean);
    }

    /** @param {Record<string, any>} race @returns {string[]} messages, none when it can be stored */
    validateRaceData(race) {
      const name = cell(race, 'name');
      const date = cell(race, 'date');
      const status = cell(race, 'status').toLowerCase();
      return [
        !name && 'Name is required',
        name.length > 200 && 'Name is longer than 200 characters',
        !date && 'Date is required',
        date && !isRealDate(date.slice(0, 10)) && 'Invalid date format',
        !cell(race, 'location') && 'Location is required',
        status && !RACE_STATUSES.includes(status) && 'Invalid status',
      ].filter(Boolean);
    }

    /** @param {string} email */
    isValidEmail(email) {
      const text = String(email).trim().replace(/^mailto:/i, '');
      const shape = /^[^\s@"(),:;<>[\]\\]+@[^\s@"(),:;<>[\]\\.]+(\.[^\s@"(),:;<>[\]\\.]+)+$/;
      return text.length <= 254 && shape.test(text) && !/^\.|\.\.|\.@/.test(text);
    }

    /** UTF-8 or UTF-16 with a mark, UTF-8 without, else Windows-1252, which western Excel writes. @param {Blob} file */
    async readFileAsText(file) {
      if (file.size > MAX_TEXT_FILE) throw new Error(`The file is larger than ${MAX_TEXT_FILE / MEGABYTE} MB`);
      const bytes = new Uint8Array(await file.arrayBuffer());
      const mark = bytes[0] * 256 + bytes[1];
      if (mark === 0xfffe || mark === 0xfeff) return new TextDecoder(mark === 0xfffe ? 'utf-16le' : 'utf-16be').decode(bytes);
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      } catch {
        return new TextDecoder('windows-1252').decode(bytes);
      }
    }

    /** @param {Blob} file */
    async readFileAsJson(file) {
      const text = await this.readFileAsText(file);
      try {
        return JSON.parse(text);
      } catch (error) {
        throw new Error(`The file is not valid JSON: ${error.message}`);
      }
    }

    /** Hands a file to the browser to save. @param {Blob} blob @param {string} name */
    downloadFile(blob, name) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = name;
      document.body.append(link);
      link.click();
      link.remove();
      // The browser reads the address after the click has been handled.
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    }

    // ---- inside: no #private names, which a page's reactive proxy around this object could not reach ----

    /** @returns {Promise<boolean>} whether a 401 may be tried once more */
    async _renew(refusedToken, quiet) {
      const api = window.AthSysAPI;
      if (!api) return false;
      if (refusedToken && (await api.renewSession(this.baseURL, refusedToken))) return true;
      return !quiet && api.onSignInNeeded !== null && api.onSignInNeeded();
    }

    async _fetch(path, init, { quiet = false, timeout = 0 } = {}) {
      const key = init.method ? { 'Idempotency-Key': requestKey() } : {};
      const signal = timeout ? AbortSignal.timeout(timeout) : undefined;
      const attempt = (headers) =>
        fetch(this.baseURL + path, { ...init, signal, headers: { ...headers, ...key }, credentials: 'same-origin' }).catch(() => {
          throw failure(0, {});
        });
      const token = this.token;
      const response = await attempt(this.headers);
      if (response.status !== 401) return response;
      if (await this._renew(token, quiet)) return attempt(this.headers);
      // What is public stays readable with a token that is no longer good.
      return quiet && token ? attempt({ Accept: 'application/json' }) : response;
    }

    async _json(path, init = {}, options = {}) {
      const response = await this._fetch(path, init, options);
      const body = await response.json().catch(() => ({}));
      if (!response.ok) throw failure(response.status, body);
      return body;
    }

    async _import(kind, file, onProgress = () => {}, options = {}) {
      const report = (progress) => onProgress({ imported: 0, failed: 0, total: 0, size: file.size, ...progress });
      this.importInProgress = true;
      try {
        const begun = await this._send(kind, file, report, options, 'respond-async');
        const body = begun.status === 'running' ? await this._follow(begun.import_id, report, options.signal) : begun;
        const { imported = 0, failed = 0, updated = 0, unchanged = 0, skipped = 0, results } = body;
        const total = imported + failed + updated + unchanged + skipped;
        report({ imported, failed, total, rows: total, eta: 0, loaded: file.size, phase: 'done', ...(results && { results }) });
        return body;
      } finally {
        this.importInProgress = false;
      }
    }

    /** Sends a file and what is to be done with it. */
    async _send(kind, file, report = () => {}, { signal, ...parameters } = {}, prefer = '') {
      const form = new FormData();
      for (const [name, value] of Object.entries(parameters)) {
        form.append(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
      }
      form.append('file', file, nameOf(file, kind.split(/[-/]/)[1]));
      return this.sendForm(`/api/admin/import/${kind}`, form, { size: file.size, report, signal, prefer });
    }

    /** Sends a form and resolves to the answer's JSON; `size` is that of its file, `report` is told how much of it has left. */
    async sendForm(path, form, { size, report = () => {}, signal, prefer = '' }) {
      const [token, upload] = [this.token, { url: this.baseURL + path, form, size, report, signal, prefer }];
      let answer = await this._upload(upload);
      if (answer.status === 401 && (await this._renew(token, false))) answer = await this._upload(upload);
      if (answer.status < 200 || answer.status > 299) throw failure(answer.status, answer.body);
      return answer.body;
    }

    /** fetch cannot tell how much has been sent, so files go through XMLHttpRequest. */
    _upload({ url, form, size, report, signal, prefer }) {
      return new Promise((resolve, reject) => {
        const xhr = new XMLHttpRequest();
        let phase = 'uploading';
        const sent = (loaded) => {
          this.uploadProgress = size ? Math.min(100, Math.round((loaded / size) * 100)) : 100;
          report({ loaded: Math.min(loaded, size), size, phase });
        };
        xhr.upload.onloadstart = () => sent(0);
        xhr.upload.onprogress = (event) => sent(event.loaded);
        xhr.upload.onload = () => [(phase = 'importing'), sent(size)];
        xhr.onload = () => resolve({ status: xhr.status, body: xhr.response ?? {} });
        xhr.onerror = () => reject(failure(0, {}));
        xhr.onabort = () => reject(stopped());
        // Once all is sent the answer comes soon, and says which import is to be stopped.
        signal?.addEventListener('abort', () => (prefer && phase === 'importing') || xhr.abort());
        xhr.open('POST', url);
        for (const [name, value] of Object.entries({ ...this.headers, ...(prefer && { Prefer: prefer }) })) xhr.setRequestHeader(name, value);
        xhr.responseType = 'json';
        xhr.send(form);
      });
    }

    /** Asks how far an import is until it has ended. A lost connection does not end it. */
    async _follow(id, report, signal) {
      const path = `/api/admin/imports/${id}`;
      let pause = FIRST_PAUSE_MS;
      let heardAt = Date.now();
      let mayStop = Boolean(signal);
      for (;;) {
        if (mayStop && signal.aborted) {
          mayStop = false;
          await this._json(`${path}/cancel`, { method: 'POST' }).catch(() => {}); // it may have ended meanwhile
        }
        const answer = await this._json(path, {}, { timeout: 10_000 }).catch((error) => {
          if (error.status !== 0 || Date.now() - heardAt > PATIENCE_MS) throw error;
        });
        const { import: entry, progress } = answer ?? {};
        const isOver = !progress || ['done', 'failed', 'cancelled'].includes(progress.phase);
        if (entry?.report && isOver) return answerOf(entry);
        if (answer) heardAt = Date.now();
        if (progress) {
          const { imported, failed, total_rows: total, rows_read: rows, eta_ms: eta } = progress;
          report({ imported, failed, total, rows, eta, phase: progress.phase === 'waiting' ? 'waiting' : 'importing' });
        }
        await wait(pause, mayStop ? signal : undefined);
        pause = Math.min(pause * 1.3, LAST_PAUSE_MS);
      }
    }
  }

  window.DataImportExportService = DataImportExportService;
})();
