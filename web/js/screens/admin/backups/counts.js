import { locale, t } from '../../../core/i18n.js';

/** What people count, in the order in which they think of it. */
export const COUNTED = ['races', 'athletes', 'registrations', 'results'];

/** "3 races, 5 athletes, 6 entries and 3 results". @param {Record<string, number>} [counts] by table */
export function countsText(counts) {
  if (!counts) return '';
  const words = COUNTED.map((table) => t(`audit.things.${table.slice(0, -1)}`, { n: counts[table] ?? 0 }));
  return new Intl.ListFormat(locale(), { type: 'unit', style: 'short' }).format(words);
}
