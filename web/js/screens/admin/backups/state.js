import { fmtAgo, fmtClock, fmtMoment, fmtSpan } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';

/** The file is published within seconds; what it lacks for longer is a fault. */
export const OLD_S = 30;

/** The newest one that holds. @param {any[]} backups the newest first */
const newestOf = (backups) => backups.find((backup) => backup.verified);

/** How everything is, for whoever has time for one line. @param {any} state the answer of `/api/admin/backups` */
export function stateSentence({ published, backups, copy }) {
  const newest = newestOf(backups);
  return [
    published.age_seconds ? t('backups.says.behind', { age: fmtSpan(published.age_seconds) }) : t('backups.says.whole'),
    newest ? t('backups.says.last', { ago: fmtAgo(newest.created_at) }) : t('backups.says.noneYet'),
    t(copy ? (copy.ok ? 'backups.says.second' : 'backups.says.secondAway') : 'backups.says.noSecond'),
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
  const isOld = behind > OLD_S || Boolean(error);
  return {
    name: 'file',
    tone: isOld ? 'warn' : '',
    words: behind ? t('backups.behind', { age: fmtSpan(behind) }) : t('backups.whole'),
    note: error ? t('backups.publishFailed', { why: error }) : at ? t('backups.written', { time: fmtClock(new Date(at)) }) : '',
  };
}

function backupTile({ backups, next_at: next, problems, copy }) {
  const newest = newestOf(backups);
  // The second folder has a tile of its own.
  const failed = problems.length > (copy && !copy.ok ? 1 : 0);
  return {
    name: 'backup',
    tone: failed ? 'bad' : newest ? '' : 'off',
    words: failed ? t('backups.lastFailed') : newest ? fmtAgo(newest.created_at) : t('health.never'),
    note: failed ? problems[0] : newest ? t('backups.next', { time: fmtClock(new Date(next)), moment: fmtMoment(newest.created_at) }) : t('backups.firstAt', { time: fmtClock(new Date(next)) }),
  };
}

function secondTile({ copy }) {
  const state = copy ? (copy.ok ? 'ok' : 'away') : 'none';
  return { name: 'second', tone: { ok: '', away: 'bad', none: 'off' }[state], words: t(`backups.second.${state}`), note: t(`backups.secondNote.${state}`) };
}
