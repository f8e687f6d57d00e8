import { hasText, t } from '../../../core/i18n.js';

const TONES = { healthy: 'ok', degraded: 'warn' };
const CHECK_TONES = { operational: '', degraded: 'warn', offline: 'bad' };

/** The colour of a state of the database; none before the first answer. */
export const toneOf = (status) => (status ? (TONES[status] ?? 'bad') : '');

export function statusText(status) {
  if (!status) return t('health.unknown');
  return hasText(`health.${status}`) ? t(`health.${status}`) : status;
}

const checkTone = (state) => CHECK_TONES[state] ?? 'bad';

/** A server without backups works; it only needs somebody who makes copies. @param {string} name @param {string} state */
export const toneOfPart = (name, state) => (name === 'backup' && state === 'offline' ? 'warn' : checkTone(state));

export const checkText = (state) => (hasText(`health.check.${state}`) ? t(`health.check.${state}`) : state);

export const TABLES = ['users', 'athletes', 'races', 'events', 'registrations', 'results', 'audit_logs'];
