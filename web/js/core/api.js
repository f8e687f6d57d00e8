// @ts-check
// The app uses the same client library as everybody else; the page loads it as a classic script before any module.
import { answered, unanswered } from './connection.js';
import { t } from './i18n.js';

/** What the page can ask a person for while a request waits; set by core/session.js. */
export const asks = { password: async () => false };

/** The client that also notes whether the server answers, and says it in the person's language when it does not. */
class PageClient extends window.AthSysAPI {
  /** @param {any} request @param {any} options */
  async attempt(request, options) {
    const response = await this.tried(request, options);
    if (response.status !== 403 || options.quiet || (await codeOf(response)) !== 'password-needed') return response;
    return (await asks.password()) ? this.tried(request, options) : response;
  }

  /** @param {any} request @param {any} options */
  async tried(request, options) {
    try {
      const response = await super.attempt(request, options);
      answered(response.status, request.method !== 'GET', response.status < 500 ? '' : await codeOf(response));
      return response;
    } catch (/** @type {any} */ error) {
      if (error.status === 0) {
        unanswered();
        error.message = t(`error.${error.code}`);
      }
      throw error;
    }
  }
}

/** Why the server did not do it; the answer itself stays unread. @param {Response} response @returns {Promise<string>} */
async function codeOf(response) {
  const body = await response.clone().json().catch(() => null);
  return body?.code ?? '';
}

export const client = /** @type {any} */ (new PageClient());

/** A list or a row must not keep a person waiting longer than this. */
const READ_TIMEOUT_MS = 10_000;

/**
 * @param {string} path
 * @param {{ query?: object, signal?: AbortSignal, quiet?: boolean }} [options]
 * @returns {Promise<any>}
 */
export const read = (path, options = {}) => client.get(path, { timeout: READ_TIMEOUT_MS, ...options });

/**
 * One row with the tag of its version, which a later change sends back as `If-Match`.
 *
 * @param {string} path
 * @param {string} singular
 * @param {AbortSignal} [signal]
 */
export async function readRow(path, singular, signal) {
  const response = await client.send(path, { timeout: READ_TIMEOUT_MS, signal });
  const body = await response.json();
  return { row: body[singular], etag: /** @type {string | null} */ (response.headers.get('ETag')) };
}

/** A request that was given up on purpose needs no message. @param {any} error */
export const isAbort = (error) => error?.name === 'AbortError';
