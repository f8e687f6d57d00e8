import { t } from '../../../core/i18n.js';

/** Lists of a JSON document count from 0 in the API; people count from 1. Tables and lines have a line, and count from 1 already. */
export const countedRow = ({ row, line }) => (line === null ? row + 1 : row);

/**
 * Where a refused row stands: its number, and in a document of several lists also which of them.
 *
 * @param {{ row: number, line: number | null }} error
 * @param {string} [sentence] the same error in words, which begin with the list: `athletes[3]: …`
 */
export function placeOf(error, sentence = '') {
  const list = /^(users|athletes|races|events|registrations|results)\[/.exec(sentence)?.[1];
  const row = countedRow(error);
  return list ? t('report.place', { list: t(`table.${list}`), row }) : row;
}

/** The number that people know a row of a check by. @param {any} preview @param {number} row */
export const shownRow = (preview, row) => (preview.error_details?.some(({ line }) => line === null) ? row + 1 : row);
