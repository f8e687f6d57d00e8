import { fmtAgo, fmtBytes, fmtMoment } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { Download } from '../import/download.js';
import { countsText } from './counts.js';
import { kindText } from './kinds.js';

/** One backup: when, why, what is inside, how large, whether it holds, and what can be done with it. */
export const BackupRow = ({ backup, path }, { emit }) => html`<tr>
  <td class="name"><span class="tnum">${fmtMoment(backup.created_at)}</span>
    <small class="muted">${kindText(backup.kind)} · ${fmtAgo(backup.created_at)}</small>
    <small class="muted path opt">${backup.name}</small></td>
  <td class="opt small soft">${countsText(backup.record_counts)}</td>
  <td class="num opt">${fmtBytes(backup.size_bytes)}</td>
  <td><span class=${['badge', backup.verified ? 'ok' : 'bad']}>${t(backup.verified ? 'backups.verified' : 'backups.notVerified')}</span>
    ${backup.problem && html`<small class="muted">${backup.problem}</small>`}</td>
  <td class="acts"><div class="cluster">
    <${Download} tone="ghost icon-only" path=${`${path}/${backup.id}/download`} label=${t('backups.downloadOf', { name: backup.name })} />
    ${backup.verified && html`<button type="button" class="btn icon-narrow" aria-label=${t('backups.restoreOf', { name: backup.name })}
      onClick=${() => emit('restore')}>${icon('history')}<span class="words">${t('backups.restore')}</span></button>`}</div></td>
</tr>`;
BackupRow.props = ['backup', 'path'];
BackupRow.emits = ['restore'];
