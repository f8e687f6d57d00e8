// Import, export and database health for any page. A classic script without dependencies: `window.DataImportExportService`.
// When `/api-service.js` is on the page too, an expired session is renewed and the request repeated.
(() => {
  'use strict';

  const MEGABYTE = 1024 * 1024;
  const MAX_TEXT_FILE = 256 * MEGABYTE;
  const MAX_COUNTED_FILE = 32 * MEGABYTE;
  const BOM = '\uFEFF';
  const RACE_STATUSES = ['scheduled', 'ongoing', 'completed', 'cancelled', 'upcoming', 'open', 'draft'];

  /** @param {number} status @param {Record<string, any>} body @returns {Error} with `status`, `code`, `errors` and the whole `body` */
  function failure(status, body) {
    const message = body.message || body.detail || (status ? `The server answered ${status}.` : 'The server could not be reached.');
    const code = body.code || (status ? String(status) : 'unreachable');
    return Object.assign(new Error(message), { status, code, errors: Array.isArray(body.errors) ? body.errors : [], body });
  }

  /** New for each request: one that is repeated after a lost answer is applied once. */
  function requestKey() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  /** The name in `Content-Disposition`. @param {string | null} header @param {string} otherwise */
  function fileNameOf(header, otherwise) {
    const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header ?? '');
    if (encoded) return decodeURIComponent(encoded[1]);
    return /filename="?([^";]+)"?/i.exec(header ?? '')?.[1] ?? otherwise;
  }

  /** The calendar date where the person is. */
  function localDate() {
    const now = new Date();
    const two = (value) => String(value).padStart(2, '0');
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  const isRealDate = (text) => {
    const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
    if (!match) return false;
    const date = new Date(`${text}T00:00:00Z`);
    return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
  };

  /** Records of a CSV text without the header, for a progress bar: line breaks inside quotes do not count. */
  const countRecords = (text) => Math.max(0, (text.replace(/"[^"]*"/g, 'q').match(/[^\r\n]+/g) ?? []).length - 1);

  /** Cells of each record, as RFC 4180 has it. @param {string} text @returns {string[][]} */
  function parseCsv(text) {
    const records = [];
    let record = [];
    let cell = '';
    let quoted = false;
    let wasQuoted = false;
    const endCell = () => {
      record.push(cell);
      cell = '';
    };
    const endRecord = () => {
      const blank = record.length === 0 && cell === '' && !wasQuoted;
      endCell();
      if (!blank) records.push(record);
      record = [];
      wasQuoted = false;
    };
    for (let i = 0; i < text.length; i += 1) {
      const char = text[i];
      if (quoted) {
        if (char !== '"') cell += char;
        else if (text[i + 1] === '"') {
          cell += '"';
          i += 1;
        } else quoted = false;
      } else if (char === '"' && cell === '') {
        quoted = true;
        wasQuoted = true;
      } else if (char === ',') endCell();
      else if (char === '\n' || char === '\r') {
        if (char === '\r' && text[i + 1] === '\n') i += 1;
        endRecord();
      } else cell += char;
    }
    if (quoted) throw new Error(`Row ${records.length + 1}: a quote is never closed`);
    endRecord();
    return records;
  }

  /** @typedef {{imported: number, failed: number, total: number, loaded?: number, size?: number, phase: string, results?: object}} Progress */
  /** @typedef {{mode?: string, on_duplicate?: string, dry_run?: boolean, signal?: AbortSignal}} ImportOptions */

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
      const headers = { Accept: 'application/json' };
      if (this.token) headers.Authorization = `Bearer ${this.token}`;
      return headers;
    }

    // ---- database health ----

    /**
     * Never rejects: without an answer it resolves to `status: 'unreachable'` and `connected: false`.
     *
     * @returns {Promise<Record<string, any>>} the health body, also when the server says that it is not healthy
     */
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
      const text = !(csv instanceof Blob) ? csv : csv.size > MAX_COUNTED_FILE ? '' : await this.readFileAsText(csv);
      return this._import('athletes-csv', file, countRecords(text), onProgress, options);
    }

    /**
     * @param {object | Blob} json `{races: […]}`, an array of races, or a file
     * @param {(progress: Progress) => void} [onProgress]
     * @param {ImportOptions} [options]
     */
    async importRacesJson(json, onProgress, options) {
      const file = this._jsonFile(json, 'races.json');
      return this._import('races-json', file, await this._countMembers(json), onProgress, options);
    }

    /**
     * @param {object | Blob} bulk `{users, athletes, races, events, registrations, results}`, each a list, or a file
     * @param {(progress: Progress) => void} [onProgress] the last call carries `results`, the counts of each kind
     * @param {ImportOptions} [options]
     */
    async importBulkJson(bulk, onProgress, options) {
      const file = this._jsonFile(bulk, 'bulk.json');
      return this._import('bulk-json', file, await this._countMembers(bulk), onProgress, options);
    }

    getAthletesImportTemplate() { return this._json('/api/admin/import/athletes-template'); }
    getRacesImportTemplate() { return this._json('/api/admin/import/races-template'); }
    getBulkImportTemplate() { return this._json('/api/admin/import/bulk-template'); }

    // ---- export: each saves a file and resolves to its content ----

    exportAthletesCsv() { return this._exportText('athletes-csv', 'athletes.csv'); }
    exportRacesCsv() { return this._exportText('races-csv', 'races.csv'); }

    /** @returns {Promise<{data: object}>} what `athsys_backup_YYYY-MM-DD.json` holds */
    async exportAllJson() {
      const response = await this._download('all-json');
      const blob = await response.blob();
      this.downloadFile(blob, `athsys_backup_${localDate()}.json`);
      return JSON.parse(await blob.text());
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
      const messages = [];
      const name = String(athlete?.name ?? '').trim();
      if (!name) messages.push('Name is required');
      if (name.length > 100) messages.push('Name is longer than 100 characters');
      if (!String(athlete?.country ?? '').trim()) messages.push('Country is required');
      const email = String(athlete?.email ?? athlete?.contact_email ?? '').trim();
      if (email && !this.isValidEmail(email)) messages.push('Invalid email format');
      const bib = String(athlete?.bibNumber ?? athlete?.bib_number ?? athlete?.bib ?? '').trim();
      if (bib.length > 20) messages.push('Bib number is longer than 20 characters');
      return messages;
    }

    /** @param {Record<string, any>} race @returns {string[]} messages, none when it can be stored */
    validateRaceData(race) {
      const messages = [];
      const name = String(race?.name ?? '').trim();
      const date = String(race?.date ?? '').trim();
      if (!name) messages.push('Name is required');
      if (name.length > 200) messages.push('Name is longer than 200 characters');
      if (!date) messages.push('Date is required');
      else if (!isRealDate(date.slice(0, 10))) messages.push('Invalid date format');
      if (!String(race?.location ?? '').trim()) messages.push('Location is required');
      const status = String(race?.status ?? '').trim().toLowerCase();
      if (status && !RACE_STATUSES.includes(status)) messages.push('Invalid status');
      return messages;
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
      if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
      if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
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

    async _json(path, init = {}) {
      const response = await this._fetch(path, init);
      const body = await response.json().catch(() => ({}));
      if (!response.ok) throw failure(response.status, body);
      return body;
    }

    async _download(dataset) {
      const response = await this._fetch(`/api/admin/export/${dataset}`, {});
      if (!response.ok) throw failure(response.status, await response.json().catch(() => ({})));
      return response;
    }

    async _exportText(dataset, otherwise) {
      const response = await this._download(dataset);
      const blob = await response.blob();
      this.downloadFile(blob, fileNameOf(response.headers.get('Content-Disposition'), otherwise));
      return blob.text();
    }

    _jsonFile(json, name) {
      if (json instanceof Blob) return json;
      return new File([typeof json === 'string' ? json : JSON.stringify(json)], name, { type: 'application/json' });
    }

    /** Rows in all lists of a JSON import; 0 when that is not known before the server has read it. */
    async _countMembers(json) {
      try {
        if (json instanceof Blob && json.size > MAX_COUNTED_FILE) return 0;
        const text = json instanceof Blob ? await this.readFileAsText(json) : json;
        const value = typeof text === 'string' ? JSON.parse(text) : text;
        const lists = Array.isArray(value) ? [value] : Object.values(value.data ?? value).filter(Array.isArray);
        return lists.reduce((sum, list) => sum + list.length, 0);
      } catch {
        return 0;
      }
    }

    async _import(kind, file, total, onProgress = () => {}, options = {}) {
      const { signal, ...parameters } = options;
      const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
      const url = `${this.baseURL}/api/admin/import/${kind}${query.size ? `?${query}` : ''}`;
      const key = requestKey();
      const report = (progress) => onProgress({ imported: 0, failed: 0, total, size: file.size, ...progress });
      this.importInProgress = true;
      try {
        const token = this.token;
        let answer = await this._upload(url, key, file, report, signal);
        if (answer.status === 401 && (await this._renew(token, false))) answer = await this._upload(url, key, file, report, signal);
        if (answer.status < 200 || answer.status > 299) throw failure(answer.status, answer.body);
        report({ ...this._finalNumbers(answer.body, total), loaded: file.size, phase: 'done' });
        return answer.body;
      } finally {
        this.importInProgress = false;
      }
    }

    _finalNumbers(body, total) {
      const imported = body.imported ?? body.total_imported ?? 0;
      const failed = body.failed ?? body.total_failed ?? 0;
      const others = ['updated', 'unchanged', 'skipped'].reduce((sum, name) => sum + (body[name] ?? 0), 0);
      return { imported, failed, total: imported + failed + others || total, ...(body.results && { results: body.results }) };
    }

    /** fetch cannot tell how much has been sent, so files go through XMLHttpRequest. */
    _upload(url, key, file, report, signal) {
      const form = new FormData();
      form.append('file', file, file.name ?? 'upload');
      return new Promise((resolve, reject) => {
        const xhr = new XMLHttpRequest();
        const sent = (loaded, phase) => {
          this.uploadProgress = file.size ? Math.min(100, Math.round((loaded / file.size) * 100)) : 100;
          report({ loaded: Math.min(loaded, file.size), phase });
        };
        xhr.upload.onloadstart = () => sent(0, 'uploading');
        xhr.upload.onprogress = (event) => sent(event.loaded, 'uploading');
        xhr.upload.onload = () => sent(file.size, 'importing');
        xhr.onload = () => resolve({ status: xhr.status, body: xhr.response ?? {} });
        xhr.onerror = () => reject(failure(0, {}));
        xhr.onabort = () => reject(new DOMException('The import was stopped.', 'AbortError'));
        signal?.addEventListener('abort', () => xhr.abort());
        xhr.open('POST', url);
        for (const [name, value] of Object.entries({ ...this.headers, 'Idempotency-Key': key })) xhr.setRequestHeader(name, value);
        xhr.responseType = 'json';
        xhr.send(form);
      });
    }
  }

  window.DataImportExportService = DataImportExportService;
})();
