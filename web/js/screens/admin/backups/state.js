import { OLD_COPY_S } from '../../../core/connection.js';
import { fmtAgo, fmtClock, fmtMoment, fmtSpan } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';

/** The newest one that holds. @param {any[]} backups the newest first */
const newestOf = (backups) => backups.find((backup) => backup.verified);

/** How the second folder is. @param {{ backups: any[], copy: any }} state */
function secondState({ backups, copy }) {
  if (!copy) return 'none';
  if (!copy.ok) return 'away';
  return newestOf(backups) ? 'ok' : 'ready';
}

/** How everything is, for whoever has time for one line. @param {any} state the answer of `/api/admin/backups` */
export function stateSentence({ published, backups, copy }) {
  const newest = newestOf(backups);
  const second = secondState({ backups, copy });
  return [
    published.age_seconds ? t('backups.says.behind', { age: fmtSpan(published.age_seconds) }) : t('backups.says.whole'),
    newest ? t('backups.says.last', { ago: fmtAgo(newest.created_at) }) : t('backups.says.noneYet'),
    t(`backups.says.second.${second}`),
  ].join(' ');
}

/**
 * The three that save a meet, each with its state in a word: the file, the newest backup, the second folder.
 *
 * @param {{ state: any }} props the answer of `/api/admin/backups`
 */
export const BackupState = ({ state }) => html`<section class="panel" aria-labelledby="state-title">
  <h2 class="sr" id="state-title">${t('backups.now')}</h2>
  <ul class="parts">${[fileTile(state), backupTile(state), secondTile(state)].map(tile)}</ul>
  ${state.copy && !state.copy.ok && html`<div class="body ruled"><${Notice} tone="bad" title=${t('backups.secondFailed')}
    text=${t('backups.secondFailedText', { folder: state.copy.folder })} /></div>`}
  ${!state.copy && html`<p class="body ruled small soft">${t('backups.secondHow')} <code>--backup-copy FOLDER</code></p>`}
</section>`;
BackupState.props = ['state'];

const tile = ({ name, tone, words, note }) => html`<li key=${name}>
  <h3>${t(`backups.tile.${name}`)}</h3>
  <p class="state"><span class=${['dot', tone]}></span><b>${words}</b></p>
  <small>${note}</small>
</li>`;

function fileTile({ published: { at, age_seconds: behind, error } }) {
  const isOld = behind > OLD_COPY_S || Boolean(error);
  return {
    name: 'file',
    tone: isOld ? 'warn' : '',
    words: behind ? t('backups.behind', { age: fmtSpan(behind) }) : t('backups.whole'),
    note: error ? t('backups.publishFailed', { why: error }) : at ? t('backups.written', { time: fmtClock(new Date(at)) }) : '',
  };
}

function backupTile({ backups, next_at: next, problems, copy }) {
  const newest = newestOf(backups);
  const time = fmtClock(new Date(next));
  // The second folder has a tile of its own.
  if (problems.length > (copy && !copy.ok ? 1 : 0)) return { name: 'backup', tone: 'bad', words: t('backups.lastFailed'), note: problems[0] };
  if (!newest) return { name: 'backup', tone: 'off', words: t('health.never'), note: t('backups.firstAt', { time }) };
  return { name: 'backup', tone: '', words: fmtAgo(newest.created_at), note: t('backups.next', { time, moment: fmtMoment(newest.created_at) }) };
}

function secondTile(all) {
  const state = secondState(all);
  return { name: 'second', tone: { ok: '', ready: '', away: 'bad', none: 'off' }[state], words: t(`backups.second.${state}`), note: t(`backups.secondNote.${state}`) };
}
