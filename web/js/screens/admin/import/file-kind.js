/** The endings of files that can be read, as a file picker wants them. */
export const ENDINGS = '.csv,.txt,.tsv,.xlsx,.xlsm,.json,.ndjson,.jsonl';

const LISTS = /"(users|athletes|races|events|registrations|results)"\s*:\s*\[/g;
const LOOKED_AT_BYTES = 64 * 1024;

/**
 * What a file most likely holds. A document names its lists; a table does not, so that what was chosen last stands.
 *
 * @param {File} file
 * @param {string} chosen
 */
export async function kindOfFile(file, chosen) {
  if (!/\.json$/i.test(file.name)) return chosen === 'bulk' ? 'athletes' : chosen;
  const start = await file.slice(0, LOOKED_AT_BYTES).text();
  const named = new Set([...start.matchAll(LISTS)].map(([, name]) => name));
  if (named.size > 1 || /"data"\s*:\s*\{/.test(start)) return 'bulk';
  return [...named][0] ?? chosen;
}
