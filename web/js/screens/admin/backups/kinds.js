import { hasText, t } from '../../../core/i18n.js';

/** Backups that the program made as time passed, those that somebody wanted, and those of a moment before a large change. */
export const GROUPS = ['own', 'hand', 'before'];

/** @param {{ kind: string }} backup @returns {string} one of the groups */
export function groupOf({ kind }) {
  if (kind === 'automatic' || kind === 'shutdown') return 'own';
  return kind.startsWith('before-') ? 'before' : 'hand';
}

/** Why there is a backup, in words. What lies in the folder for another reason somebody has put there. */
export function kindText(kind) {
  if (kind === 'other') return t('backups.putThere');
  return hasText(`backups.kind.${kind}`) ? t(`backups.kind.${kind}`) : kind;
}
