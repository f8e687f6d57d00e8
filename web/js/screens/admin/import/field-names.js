import { hasText, t } from '../../../core/i18n.js';

/** Columns are called `bib_number`, members `bibNumber`: both have one name for people. */
export function fieldName(name) {
  const key = `field.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
  return hasText(key) ? t(key) : name.replaceAll('_', ' ');
}
