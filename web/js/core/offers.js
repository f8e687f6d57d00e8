// @ts-check
import { read } from './api.js';

/** @type {Promise<any> | null} */
let description = null;

/**
 * Whether this server has an endpoint at all, as its own description says. Asking the endpoint itself would be an error where there
 * is none.
 *
 * @param {string} path
 */
export async function offers(path) {
  description ??= read('/api/openapi.json');
  try {
    return path in (await description).paths;
  } catch (error) {
    description = null;
    throw error;
  }
}
