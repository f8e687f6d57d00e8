// @ts-check
/**
 * Puts what the server says of single fields to these fields. What no field of the form can say comes back, to be shown as a whole.
 *
 * @param {any} error
 * @param {Record<string, any>} form
 * @param {Record<string, string>} errors
 */
export function spreadFaults(error, form, errors) {
  const faults = error.errors ?? [];
  const known = faults.filter((/** @type {any} */ fault) => fault.field in form);
  for (const { field, message } of known) errors[field] = message;
  return known.length && known.length === faults.length ? null : error;
}
