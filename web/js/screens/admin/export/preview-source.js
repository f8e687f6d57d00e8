import { recordsIn } from '../../../core/csv.js';
import { exportPath, startOfExport } from '../../../core/exporting.js';
import { may } from '../../../core/session.js';
import { seesAll } from './choice.js';
import { knownColumns, usualColumns } from './known-columns.js';

export const ROWS = 5;

/** One row more, so that it is seen whether there are more; the last piece may be cut in the middle of a row. */
const ENOUGH = ROWS + 2;

/** What was fetched before, by address: choosing columns asks nothing of the server. @type {Map<string, Promise<any>>} */
const kept = new Map();

/** Rows have changed: what was fetched before is no longer what a file would have. */
export const forget = () => kept.clear();

/**
 * The first rows of a file as it will have them: `{ headings, rows, hasMore, rowBytes }`, where a row of a table is its cells, and one
 * of JSON its text. They are taken from the export itself, with every column, and the stream is cut after them.
 *
 * @param {{ kind: string, format: string, columns: string[] | null, filters: object }} wanted
 */
export async function firstRows({ kind, format, columns, filters }) {
  const isJson = format === 'json' || format === 'ndjson';
  // JSON without a choice has whole rows, which hold more than the columns.
  const all = isJson && !columns ? null : knownColumns(kind, seesAll());
  const found = await fetched(kind, isJson ? 'ndjson' : 'csv', all, filters);
  if (!isJson) return pick(found, columns, kind);
  if (!columns) return found;
  const places = columns.map((name) => all.indexOf(name));
  const rows = found.rows.map((row) => {
    const members = Object.entries(JSON.parse(row));
    return JSON.stringify(Object.fromEntries(places.map((at) => members[at])));
  });
  return { ...found, rows, rowBytes: average(rows) };
}

function pick(found, columns, kind) {
  const wanted = columns ?? usualColumns(kind, seesAll());
  const places = wanted.map((name) => found.headings.indexOf(name));
  const rows = found.rows.map((row) => places.map((at) => row[at] ?? ''));
  return { ...found, headings: wanted, rows, rowBytes: average(rows.map((row) => row.join(','))) };
}

const average = (texts) => (texts.length ? Math.round(texts.reduce((sum, text) => sum + new Blob([text]).size + 2, 0) / texts.length) : 0);

function fetched(kind, format, columns, filters) {
  const key = JSON.stringify([kind, format, columns, filters]);
  if (!kept.has(key)) {
    const promise = fetchRows(kind, format, columns, filters);
    promise.catch(() => kept.delete(key));
    kept.set(key, promise);
  }
  return kept.get(key);
}

async function fetchRows(kind, format, columns, filters) {
  const { path, parameters } = exportPath(kind, format, may('admin'));
  const query = { ...parameters, ...filters, ...(columns && { columns: columns.join(',') }) };
  const split = format === 'csv' ? (text) => recordsIn(text) : (text) => text.split('\n').filter(Boolean);
  const text = await startOfExport(path, { query, enough: (piece) => split(piece).length > ENOUGH });
  const records = split(text);
  const headings = format === 'csv' ? (records.shift() ?? []) : [];
  const rows = records.slice(0, ROWS);
  return { headings, rows, hasMore: records.length > ROWS, rowBytes: format === 'csv' ? 0 : average(rows) };
}
