import { hasText, t } from '../../../core/i18n.js';

const TONES = { healthy: 'ok', degraded: 'warn' };
const CHECK_TONES = { operational: '', degraded: 'warn', offline: 'bad' };

/** The colour of a state of the database; none before the first answer. */
export const toneOf = (status) => (status ? (TONES[status] ?? 'bad') : '');

export function statusText(status) {
  if (!status) return t('health.unknown');
  return hasText(`health.${status}`) ? t(`health.${status}`) : status;
}

/** @param {string} state of one check of `/health` */
export const checkTone = (state) => CHECK_TONES[state] ?? 'bad';

export const checkText = (state) => (hasText(`health.check.${state}`) ? t(`health.check.${state}`) : state);

export const TABLES = ['users', 'athletes', 'races', 'events', 'registrations', 'results', 'audit_logs'];
