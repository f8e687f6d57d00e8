import { fmtNumber } from '../../../core/format.js';
import { hasText, locale, t } from '../../../core/i18n.js';
import { changedFields, fieldName } from './fields.js';

const UNNAMED = { server: 'audit.theServer', console: 'audit.theConsole', anonymous: 'audit.nobody' };

/** Who did it, in words. */
export const whoOf = ({ userId, userName }) => (!userId && UNNAMED[userName] ? t(UNNAMED[userName]) : userName || t('audit.nobody'));

/** What it is about: a name where there is one, else its kind and number. */
export function whatOf({ entityType, entityId, before, after, details }) {
  const name = after?.name ?? before?.name ?? details?.name;
  if (name) return name;
  const kind = hasText(`audit.one.${entityType}`) ? t(`audit.one.${entityType}`) : entityType;
  return entityId ? t('audit.numbered', { kind, id: String(entityId) }) : kind;
}

/** An audit row as a plain sentence. */
export function sentenceOf(row) {
  const values = { who: whoOf(row), what: whatOf(row) };
  const special = SPECIAL[row.action]?.(row, values);
  if (special) return special;
  return hasText(`audit.says.${row.action}`) ? t(`audit.says.${row.action}`, values) : t('audit.says.other', { ...values, action: row.action });
}

/** Actions of which more can be said than who and what. */
const SPECIAL = {
  update: (row, values) => {
    if (row.details?.password) return t('audit.says.password', values);
    if (!row.before || !row.after) return '';
    const changed = changedFields(row);
    if (changed.length === 1) return t('audit.says.updateOne', { ...values, field: fieldName(changed[0]).toLocaleLowerCase(locale()) });
    return changed.length ? t('audit.says.updateMany', { ...values, n: changed.length }) : '';
  },
  login_failed: ({ details }, values) => t('audit.says.login_failed', { ...values, email: details?.email ?? values.who }),
  import: ({ details }, values) => {
    const file = details?.file_name ?? values.what;
    if (details?.cancelled) return t('audit.says.importStopped', { ...values, file });
    return typeof details?.rows === 'number'
      ? t('audit.says.importRows', { ...values, file, n: details.rows })
      : t('audit.says.import', { ...values, file });
  },
  export: ({ details }, values) => {
    if (!details?.file_name) return '';
    const named = { ...values, file: details.file_name };
    // Whoever looks at the first rows before a download reads no more than these.
    return details.complete === false ? t('audit.says.exportPart', named) : t('audit.says.exportFile', named);
  },
  permission_denied: ({ details }, values) => details?.request && t('audit.says.deniedRequest', { ...values, request: details.request }),
};

const GROUPED = ['create', 'update', 'delete', 'login'];
const CLOSE_MS = 10 * 60_000;
const FEW = 3;

/** Rows that belong together, as one sentence each: twenty athletes one after the other are one thing that happened. */
export function activityOf(rows) {
  const groups = [];
  for (const row of rows) {
    const last = groups.at(-1);
    const fits = last && GROUPED.includes(row.action) && ['userName', 'action', 'entityType'].every((key) => last.row[key] === row[key])
      && new Date(last.row.createdAt) - new Date(row.createdAt) < CLOSE_MS;
    if (fits) last.rows.push(row);
    else groups.push({ row, rows: [row] });
  }
  return groups.flatMap(({ row, rows }) => {
    // A few changes are told one by one: what was changed is worth more than how often.
    if (row.action === 'update' && rows.length <= FEW) return rows.map((one) => ({ row: one, text: sentenceOf(one) }));
    const many = rows.length > 1 && row.action !== 'login';
    return [{ row, text: many ? manyText(row, rows.length) : sentenceOf(row) }];
  });
}

function manyText(row, n) {
  const known = hasText(`audit.things.${row.entityType}.other`);
  const things = known ? t(`audit.things.${row.entityType}`, { n }) : `${fmtNumber(n)} ${row.entityType}`;
  return t(`audit.says.${row.action}`, { who: whoOf(row), what: things });
}
