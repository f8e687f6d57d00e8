// @ts-check
import { read } from './api.js';

/** @type {Promise<any> | null} */
let document = null;

/**
 * Whether this server has an endpoint at all, as its own description says. Asking the endpoint itself would be an error where there
 * is none.
 *
 * @param {string} path
 */
export async function offers(path) {
  document ??= read('/api/openapi.json');
  try {
    return path in (await document).paths;
  } catch (error) {
    document = null;
    throw error;
  }
}
