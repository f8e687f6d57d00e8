import { fmtBytes, fmtDay, fmtMillis, fmtMoment, fmtNumber } from '../../../core/format.js';
import { hasText, t } from '../../../core/i18n.js';

/** What changes by itself says nothing about what somebody did. */
const UNTOLD = ['updatedAt', 'version'];

const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text);
const isMoment = (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text);

/** The name of a field in words; one that is not known here keeps its own, spaced out. */
export const fieldName = (key) => (hasText(`audit.field.${key}`)
  ? t(`audit.field.${key}`)
  : key.replace(/_/g, ' ').replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`));

/** Values whose field says how they are written. */
const WRITTEN = {
  bytes: fmtBytes,
  duration_ms: fmtMillis,
  status: (value) => (hasText(`audit.state.${value}`) ? t(`audit.state.${value}`) : value),
  gender: (value) => (hasText(`distribution.name.${value}`) ? t(`distribution.name.${value}`) : value),
  role: (value) => (hasText(`role.${value}`) ? t(`role.${value}`) : value),
};

/** A value as people write it. */
export function valueText(value, key = '') {
  if (value === null || value === undefined || value === '') return '';
  if (WRITTEN[key]) return WRITTEN[key](value);
  if (typeof value === 'boolean') return t(value ? 'audit.yes' : 'audit.no');
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : fmtNumber(value);
  if (Array.isArray(value)) return value.map((one) => valueText(one)).join(', ');
  if (typeof value === 'object') return membersText(value);
  if (isDay(value)) return fmtDay(value);
  return isMoment(value) ? fmtMoment(value) : String(value);
}

/** Counts of nothing say nothing. */
function membersText(object) {
  const told = Object.entries(object).filter(([, value]) => value !== 0 && value !== null);
  return told.map(([name, value]) => `${fieldName(name)}: ${valueText(value, name)}`).join(', ');
}

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** The fields of a row before and after, in the order in which they are stored. */
export function fieldsOf({ before, after }) {
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter((key) => !UNTOLD.includes(key));
  return keys.map((key) => ({ key, before: before?.[key], after: after?.[key], changed: !same(before?.[key], after?.[key]) }));
}

/** Names of the fields that a change has changed. */
export const changedFields = (row) => fieldsOf(row).filter(({ changed }) => changed).map(({ key }) => key);
