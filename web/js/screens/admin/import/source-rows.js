import { recordsIn } from '../../../core/csv.js';
import { dashboard } from '../../../core/dashboard.js';

/** So much of a file's beginning is read for the rows around a problem. */
const READ_BYTES = 2 * 1024 * 1024;

/** @type {WeakMap<File, { key: string, records: Promise<string[][]> }>} */
const readBefore = new WeakMap();

const isText = (preview) => preview.format === 'csv' && Boolean(preview.delimiter && preview.encoding);

/** Whether every row of the file can be read here. @param {any} preview */
export const isWholeRead = (preview) => isText(preview) && (dashboard.importFile?.size ?? Infinity) <= READ_BYTES;

/**
 * The records of a table from its first line on, so that `records[row - 1]` is what a spreadsheet shows in a row. Text is read here; of
 * a workbook the server's first rows are taken, which may be some others where blank rows lie between.
 *
 * @param {any} preview
 * @returns {Promise<string[][]>}
 */
export function recordsOf(preview) {
  const file = dashboard.importFile;
  if (!file || !isText(preview)) return Promise.resolve(firstRows(preview));
  const key = `${preview.encoding} ${preview.delimiter}`;
  const before = readBefore.get(file);
  if (before?.key === key) return before.records;
  const records = readRecords(file, preview.encoding, preview.delimiter);
  readBefore.set(file, { key, records });
  return records;
}

function firstRows({ rows, header_row: headerRow }) {
  if (!rows || !headerRow) return [];
  return [...Array(headerRow).fill([]), ...rows];
}

async function readRecords(file, encoding, delimiter) {
  const bytes = await file.slice(0, READ_BYTES).arrayBuffer();
  const records = recordsIn(new TextDecoder(encoding).decode(bytes), delimiter);
  if (file.size > READ_BYTES) records.pop(); // cut in the middle
  return records.map((record) => record.map((cell) => cell.trim()));
}
