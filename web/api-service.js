// Client library of the athsys API. A classic script without dependencies: any page may load it and use `window.AthSysAPI`.
(() => {
  'use strict';

  const ACCESS = 'authToken';
  const REFRESH = 'refreshToken';
  const USER = 'user';
  const TIMEOUT_MS = 30_000;

  /** Where one comes to get a token: the old one, if there is any, has no place here, and a 401 says something else. */
  const DOORS = /^\/api\/(auth\/(login|refresh|register|reset-password)|setup)$/;

  /** What every failed request throws. */
  class AthSysError extends Error {
    /**
     * @param {number} status HTTP status, 0 when the server was not reached
     * @param {string} code stable, kebab-case: the server's own, or `unreachable`, `timeout`
     * @param {string} message a sentence for people
     * @param {Record<string, any>} [body] the whole answer, with `errors: [{field, code, message}]` for invalid input
     */
    constructor(status, code, message, body = {}) {
      super(message);
      this.name = 'AthSysError';
      this.status = status;
      this.code = code;
      this.errors = Array.isArray(body.errors) ? body.errors : [];
      this.body = body;
    }
  }

  /** @param {string} key */
  function stored(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  /** @param {string} key @param {string | null} value null takes it away */
  function store(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // Without storage the session ends with the page.
    }
  }

  /** A UUID that also works over plain http on a LAN, where `crypto.randomUUID` does not exist. */
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return [...bytes].map((byte, i) => ([4, 6, 8, 10].includes(i) ? '-' : '') + byte.toString(16).padStart(2, '0')).join('');
  }

  /** @param {Response} response @returns {Promise<AthSysError>} */
  async function errorOf(response) {
    const body = await response.json().catch(() => ({}));
    const message = body.message || body.detail || `The server answered ${response.status}.`;
    const error = new AthSysError(response.status, body.code || String(response.status), message, body);
    error.retryAfter = Number(response.headers.get('Retry-After')) || null;
    return error;
  }

  /** `?a=1&b=2` from an object, without the empty ones. @param {Record<string, any> | undefined} params */
  function queryOf(params) {
    const given = Object.entries(params ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== '');
    return given.length ? `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}` : '';
  }

  /** Lists are called as `getRaces(2, {status})` or as `getRaces({page: 2, status})`. */
  function listParams(pageOrParams, filters) {
    return typeof pageOrParams === 'object' && pageOrParams !== null ? pageOrParams : { page: pageOrParams, ...filters };
  }

  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  /**
   * One refresh at a time over all tabs: a refresh token is good for one use, and using it twice ends the whole session.
   * Web Locks exist only on https and localhost; elsewhere a mark in the storage does nearly as well.
   */
  async function inTurn(work) {
    if (navigator.locks) return navigator.locks.request('athsys-refresh', work);
    const MARK = 'authRefreshing';
    const STALE_MS = 5000;
    while (Date.now() - Number(stored(MARK) ?? 0) < STALE_MS) await wait(100);
    store(MARK, String(Date.now()));
    try {
      return await work();
    } finally {
      store(MARK, null);
    }
  }

  /** @type {Promise<boolean> | null} */
  let renewal = null;

  /**
   * Client of the HTTP API: `new AthSysAPI().getAthletes({q: 'were'})`. Every method resolves to the answer's JSON and rejects with
   * an `AthSysError` that has `status`, `code`, `message`, `errors` and `body`.
   */
  class AthSysAPI {
    /**
     * Asked when a session has ended for good; resolves to true when the person has signed in again, and the request is then
     * repeated. Set by a page that can show a sign-in form.
     *
     * @type {null | (() => Promise<boolean>)}
     */
    static onSignInNeeded = null;

    /**
     * @param {string} [baseURL] the page's own origin when left out
     * @param {string | null} [token] for scripts with a token of their own; otherwise the one in localStorage is used
     */
    constructor(baseURL = '', token = null) {
      this.baseURL = (baseURL || window.location.origin).replace(/\/$/, '');
      this.ownToken = token;
    }

    /** The access token that the next request carries. */
    get token() {
      return this.ownToken ?? stored(ACCESS);
    }

    /** The headers that every request carries. */
    get headers() {
      const headers = { Accept: 'application/json' };
      if (this.token) headers.Authorization = `Bearer ${this.token}`;
      return headers;
    }

    /**
     * Keeps the tokens of a sign-in for this browser.
     *
     * @param {string} accessToken
     * @param {string} [refreshToken]
     * @param {object} [user] only for display; what somebody may do is decided by the server
     */
    setTokens(accessToken, refreshToken, user) {
      this.ownToken = null;
      store(ACCESS, accessToken);
      if (refreshToken) store(REFRESH, refreshToken);
      if (user) store(USER, JSON.stringify(user));
    }

    clearTokens() {
      this.ownToken = null;
      for (const key of [ACCESS, REFRESH, USER]) store(key, null);
    }

    /**
     * Gets a new access token, or waits for another request or tab that is doing so.
     *
     * @param {string} baseURL
     * @param {string | null} refusedToken the one that was answered with 401
     * @returns {Promise<boolean>} whether a usable token is stored now
     */
    static renewSession(baseURL, refusedToken) {
      renewal ??= inTurn(() => AthSysAPI.refreshOnce(baseURL, refusedToken)).finally(() => {
        renewal = null;
      });
      return renewal;
    }

    static async refreshOnce(baseURL, refusedToken) {
      if (stored(ACCESS) && stored(ACCESS) !== refusedToken) return true;
      const refreshToken = stored(REFRESH);
      if (!refreshToken) return false;
      const api = new AthSysAPI(baseURL);
      try {
        const answer = await api.post('/api/auth/refresh', { refresh_token: refreshToken });
        api.setTokens(answer.access_token, answer.refresh_token, answer.user);
        return true;
      } catch (error) {
        if (error.status === 0 || error.status >= 500 || error.status === 429) throw error;
        api.clearTokens();
        return false;
      }
    }

    /**
     * Sends a request and resolves to the `Response` of a success. A 401 is answered by one refresh, then by `onSignInNeeded`, and
     * the request is repeated with the same idempotency key.
     *
     * @param {string} path from the root, for example `/api/races`
     * @param {{method?: string, query?: object, body?: any, headers?: object, signal?: AbortSignal, timeout?: number, quiet?: boolean}}
     *   [options] `body` is sent as JSON unless it is a string, a Blob or a FormData; `timeout` in ms, 0 for none; `quiet` never asks
     *   the person to sign in
     */
    async send(path, options = {}) {
      const request = this.prepare(path, options);
      const token = this.token;
      let response = await this.attempt(request, options);
      const renewable = response.status === 401 && !this.ownToken && !DOORS.test(path);
      if (renewable && (await this.renew(token, options.quiet))) {
        request.headers.Authorization = `Bearer ${this.token}`;
        response = await this.attempt(request, options);
      }
      if (!response.ok) throw await errorOf(response);
      return response;
    }

    async renew(refusedToken, quiet) {
      if (refusedToken && (await AthSysAPI.renewSession(this.baseURL, refusedToken))) return true;
      return !quiet && AthSysAPI.onSignInNeeded !== null && AthSysAPI.onSignInNeeded();
    }

    prepare(path, options) {
      const method = (options.method ?? 'GET').toUpperCase();
      const headers = { ...this.headers };
      if (DOORS.test(path)) delete headers.Authorization;
      if (method !== 'GET' && method !== 'HEAD') headers['Idempotency-Key'] = uuid();
      let body = options.body;
      if (body !== undefined && typeof body !== 'string' && !(body instanceof Blob) && !(body instanceof FormData)) {
        body = JSON.stringify(body);
        headers['Content-Type'] = 'application/json';
      }
      Object.assign(headers, options.headers);
      return { url: this.baseURL + path + queryOf(options.query), method, headers, body };
    }

    async attempt({ url, ...init }, { signal, timeout = TIMEOUT_MS }) {
      const signals = [signal, timeout ? AbortSignal.timeout(timeout) : null].filter(Boolean);
      try {
        return await fetch(url, { ...init, signal: AbortSignal.any(signals), credentials: 'same-origin' });
      } catch (error) {
        if (signal?.aborted) throw error;
        if (error.name === 'TimeoutError') throw new AthSysError(0, 'timeout', 'The server did not answer in time.');
        throw new AthSysError(0, 'unreachable', 'The server could not be reached.');
      }
    }

    /** Sends a request and resolves to the answer's JSON. Options as for `send`. */
    async request(path, options = {}) {
      const response = await this.send(path, options);
      return response.status === 204 ? {} : response.json();
    }

    get(path, options = {}) {
      return this.request(path, { ...options, method: 'GET' });
    }

    post(path, body = undefined, options = {}) {
      return this.request(path, { ...options, method: 'POST', body });
    }

    put(path, body = {}, options = {}) {
      return this.request(path, { ...options, method: 'PUT', body });
    }

    delete(path, options = {}) {
      return this.request(path, { ...options, method: 'DELETE' });
    }

    /** @param {string} path @param {'csv' | 'json' | 'xlsx'} format @returns text, JSON or a Blob, as the format is */
    async export(path, format) {
      const response = await this.send(path, { query: { format }, timeout: 0, headers: { Accept: '*/*' } });
      if (format === 'json') return response.json();
      return format === 'xlsx' ? response.blob() : response.text();
    }

    getDashboardStats() { return this.get('/api/dashboard/stats'); }

    /** @param {number | object} [page] or all parameters in one object @param {object} [filters] `perPage, sort, q` or a field */
    getRaces(page = 1, filters = {}) { return this.get('/api/races', { query: listParams(page, filters) }); }
    getRaceById(id) { return this.get(`/api/races/${id}`); }
    createRace(race) { return this.post('/api/races', race); }
    updateRace(id, changes) { return this.put(`/api/races/${id}`, changes); }
    deleteRace(id) { return this.delete(`/api/races/${id}`); }
    bulkDeleteRaces(ids) { return this.post('/api/races/bulk/delete', { ids }); }
    exportRaces(format = 'csv') { return this.export('/api/races/export', format); }

    /** @param {number | object} [page] or all parameters in one object @param {object} [filters] `perPage, sort, q` or a field */
    getAthletes(page = 1, filters = {}) { return this.get('/api/athletes', { query: listParams(page, filters) }); }
    getAthleteById(id) { return this.get(`/api/athletes/${id}`); }
    createAthlete(athlete) { return this.post('/api/athletes', athlete); }
    updateAthlete(id, changes) { return this.put(`/api/athletes/${id}`, changes); }
    deleteAthlete(id) { return this.delete(`/api/athletes/${id}`); }
    bulkDeleteAthletes(ids) { return this.post('/api/athletes/bulk/delete', { ids }); }
    exportAthletes(format = 'csv') { return this.export('/api/athletes/export', format); }

    /** @param {number | object} [page] or all parameters in one object @param {object} [filters] `perPage, sort, q` or a field */
    getResults(page = 1, filters = {}) { return this.get('/api/results', { query: listParams(page, filters) }); }
    getResultById(id) { return this.get(`/api/results/${id}`); }
    createResult(result) { return this.post('/api/results', result); }
    updateResult(id, changes) { return this.put(`/api/results/${id}`, changes); }
    deleteResult(id) { return this.delete(`/api/results/${id}`); }
    bulkDeleteResults(ids) { return this.post('/api/results/bulk/delete', { ids }); }
    exportResults(format = 'csv') { return this.export('/api/results/export', format); }

    /** @param {number | object} [page] or all parameters in one object @param {object} [filters] */
    getUsers(page = 1, filters = {}) { return this.get('/api/admin/users', { query: listParams(page, filters) }); }
    getUserById(id) { return this.get(`/api/admin/users/${id}`); }
    createUser(user) { return this.post('/api/admin/users', user); }
    updateUser(id, changes) { return this.put(`/api/admin/users/${id}`, changes); }
    deleteUser(id) { return this.delete(`/api/admin/users/${id}`); }

    /** @param {number} id @param {object} [body] what the server asks for beside the id, if anything */
    resetUserPassword(id, body = undefined) { return this.post(`/api/admin/users/${id}/reset-password`, body); }
    bulkDeleteUsers(ids) { return this.post('/api/admin/users/bulk/delete', { ids }); }

    /** @param {number | object} [page] or `{user, action, entity, from, to, q, page, perPage}` @param {object} [filters] */
    getAuditLogs(page = 1, filters = {}) { return this.get('/api/admin/audit-logs', { query: listParams(page, filters) }); }

    getSystemStatus() { return this.get('/api/health'); }
    getSystemHealth() { return this.get('/api/system/health'); }
    backupDatabase() { return this.post('/api/admin/backup/create', undefined, { timeout: 0 }); }

    /**
     * Replaces everything by a backup. The server wants its name as a confirmation.
     *
     * @param {string} id or the name of the backup
     * @param {string} [name] looked up in the list of backups when left out
     */
    async restoreDatabase(id, name) {
      const isIt = (backup) => backup.id === String(id) || backup.name === String(id);
      const confirm = name ?? (await this.getBackups()).backups.find(isIt)?.name;
      return this.post(`/api/admin/backup/restore/${id}`, { confirm }, { timeout: 0 });
    }

    getBackups() { return this.get('/api/admin/backups'); }

    /** @param {string} q @param {'all' | 'athletes' | 'races' | 'events' | 'users'} [type] */
    search(q, type = 'all') { return this.get('/api/search', { query: { q, type } }); }
  }

  window.AthSysAPI = AthSysAPI;
})();
