// @ts-check
import { hasText, locale, t } from './i18n.js';

/**
 * Counts of rows in words: `2 entries and 1 result`.
 *
 * @param {Record<string, number>} counts by the name of the rows
 */
export function amounts(counts) {
  const words = Object.entries(counts)
    .map(([name, n]) => (hasText(`amount.${name}.other`) ? t(`amount.${name}`, { n: Number(n) }) : `${n} ${name}`));
  return new Intl.ListFormat(locale()).format(words);
}
