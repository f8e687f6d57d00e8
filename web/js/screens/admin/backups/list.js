import { ref, shallowRef } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { dataChanged } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Empty } from '../../../ui/empty.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { toast } from '../../../ui/toast.js';
import { RestoreDialog } from './restore-dialog.js';
import { BackupRow } from './row.js';
import { Ruler } from './ruler.js';
import { UploadBackup } from './upload.js';

/** Older ones are rarely wanted; they come when asked for. */
const SHOWN = 10;

/** The backups the server has: make one, take one away, bring one, go back to one. */
export const BackupList = {
  props: { part: { type: Object, required: true }, path: { type: String, required: true } },
  setup(props) {
    const busy = ref(false);
    const isWhole = ref(false);
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
    const closed = () => {
      restoring.value = null;
      void props.part.load();
    };
    const restored = () => {
      // The answer to the next question is the sign-in: everybody has been signed out.
      dataChanged();
      closed();
    };

    const body = ({ backups }) => {
      if (!backups.length) return html`<${Empty} title=${t('backups.none')} text=${t('backups.noneText')} />`;
      const shown = isWhole.value ? backups : backups.slice(0, SHOWN);
      return html`<${Ruler} backups=${backups} now=${props.part.at.value} />
        <div class="scroll"><table class="table">
          <thead><tr><th scope="col">${t('backups.when')}</th><th scope="col" class="opt">${t('backups.inside')}</th>
            <th scope="col" class="num opt">${t('backups.size')}</th><th scope="col">${t('backups.state')}</th>
            <th scope="col"><span class="sr">${t('backups.acts')}</span></th></tr></thead>
          <tbody>${shown.map((backup) => html`<${BackupRow} key=${backup.id} backup=${backup} path=${props.path}
            onRestore=${() => (restoring.value = backup)} />`)}</tbody></table></div>
        ${shown.length < backups.length && html`<div class="body"><button type="button" class="btn" onClick=${() => (isWhole.value = true)}>
          ${t('backups.all', { n: backups.length })}</button></div>`}`;
    };

    return () => html`<section class="panel" aria-labelledby="backups-title">
      <header><h2 id="backups-title">${t('backups.list')}</h2>
        <button type="button" class="btn primary" disabled=${busy.value} onClick=${create}>
          ${icon('plus')}${t(busy.value ? 'backups.making' : 'backups.make')}</button></header>
      ${problem.value && html`<div class="body"><${Notice} tone="bad" alert title=${t('backups.notMade')} text=${problem.value.message} /></div>`}
      ${body(props.part.value.value)}
      <${UploadBackup} path=${`${props.path}/upload`} onDone=${props.part.load} />
      ${restoring.value && html`<${RestoreDialog} backup=${restoring.value} path=${props.path} onClose=${closed} onDone=${restored} />`}
    </section>`;
  },
};
