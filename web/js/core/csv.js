// @ts-check

/**
 * The cells of every record of a text table, blank lines too: a spreadsheet counts them. The last record may be cut.
 *
 * @param {string} text
 * @param {string} [delimiter]
 * @returns {string[][]}
 */
export function recordsIn(text, delimiter = ',') {
  const records = [];
  /** @type {string[]} */
  let record = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const isQuoted = text[at] === '"';
    const closing = isQuoted ? closingQuote(text, at) : at;
    const end = endOfCell(text, isQuoted ? closing + 1 : at, delimiter);
    record.push(isQuoted ? text.slice(at + 1, closing).replaceAll('""', '"') : text.slice(at, end));
    at = end + 1;
    if (text[end] === delimiter) continue;
    records.push(record);
    record = [];
    if (text[end] === '\r' && text[at] === '\n') at += 1;
  }
  if (record.length) records.push([...record, '']);
  return records;
}

/** @param {string} text @param {number} from where the opening one stands */
function closingQuote(text, from) {
  let at = text.indexOf('"', from + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at < 0 ? text.length : at;
}

/** @param {string} text @param {number} from @param {string} delimiter */
function endOfCell(text, from, delimiter) {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}
