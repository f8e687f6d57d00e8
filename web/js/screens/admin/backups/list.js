import { ref, shallowRef } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { dataChanged } from '../../../core/dashboard.js';
import { fmtAgo, fmtBytes, fmtMoment } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { Empty } from '../../../ui/empty.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { toast } from '../../../ui/toast.js';
import { Download } from '../import/download.js';
import { RestoreDialog } from './restore-dialog.js';
import { UploadBackup } from './upload.js';

/** The backups the server has: make one, take one away, bring one, go back to one. */
export const BackupList = {
  props: { part: Object, path: String },
  setup(props) {
    const busy = ref(false);
    const problem = shallowRef(null);
    const restoring = shallowRef(null);

    const create = async () => {
      busy.value = true;
      problem.value = null;
      try {
        const { backup } = await client.post(props.path, undefined, { timeout: 0 });
        toast(t('backups.made', { name: backup.name }));
        await props.part.load();
      } catch (error) {
        problem.value = error;
      } finally {
        busy.value = false;
      }
    };
    const restored = (backup) => {
      restoring.value = null;
      toast(t('backups.restored', { name: backup.name }));
      dataChanged();
      void props.part.load();
    };

    const line = (backup) => html`<tr key=${backup.id}>
      <td class="name">${backup.name}<small class="muted tnum">${fmtMoment(backup.created_at)} · ${fmtAgo(backup.created_at)}</small></td>
      <td class="opt">${hasText(`backups.kind.${backup.kind}`) ? t(`backups.kind.${backup.kind}`) : backup.kind}</td>
      <td class="num opt">${fmtBytes(backup.size_bytes)}</td>
      <td><span class=${['badge', backup.verified ? 'ok' : 'warn']}>${t(backup.verified ? 'backups.verified' : 'backups.notVerified')}</span></td>
      <td class="acts"><div class="cluster">
        <${Download} tone="ghost icon-only" path=${`${props.path}/${backup.id}/download`} label=${t('backups.downloadOf', { name: backup.name })} />
        <button type="button" class="btn" aria-label=${t('backups.restoreOf', { name: backup.name })}
          onClick=${() => (restoring.value = backup)}>${t('backups.restore')}</button></div></td>
    </tr>`;

    const body = () => {
      const { value, error } = props.part;
      if (error.value && !value.value) {
        return html`<div class="body"><${Notice} tone="bad" alert title=${t('backups.failed')} text=${error.value.message}>
          <button type="button" class="btn" onClick=${props.part.load}>${t('common.retry')}</button><//></div>`;
      }
      if (!value.value) return html`<div class="body"><div class="skeleton tall"></div></div>`;
      const { backups } = value.value;
      if (!backups.length) return html`<${Empty} title=${t('backups.none')} text=${t('backups.noneText')} />`;
      return html`<div class="scroll"><table class="table">
        <thead><tr><th scope="col">${t('backups.name')}</th><th scope="col" class="opt">${t('backups.how')}</th>
          <th scope="col" class="num opt">${t('backups.size')}</th><th scope="col">${t('backups.state')}</th>
          <th scope="col"><span class="sr">${t('backups.acts')}</span></th></tr></thead>
        <tbody>${backups.map(line)}</tbody></table></div>`;
    };

    return () => html`<section class="panel" aria-labelledby="backups-title">
      <header><h2 id="backups-title">${t('backups.list')}</h2>
        <button type="button" class="btn primary" disabled=${busy.value} onClick=${create}>
          ${icon('plus')}${t(busy.value ? 'backups.making' : 'backups.make')}</button></header>
      ${problem.value && html`<div class="body"><${Notice} tone="bad" alert title=${t('backups.notMade')} text=${problem.value.message} /></div>`}
      ${body()}
      <${UploadBackup} path=${`${props.path}/upload`} onDone=${props.part.load} />
      ${restoring.value && html`<${RestoreDialog} backup=${restoring.value} path=${props.path} onClose=${() => (restoring.value = null)}
        onDone=${() => restored(restoring.value)} />`}
    </section>`;
  },
};
