import { onMounted } from '../../../core/vue.js';
import { read } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { offers } from '../../../core/offers.js';
import { usePart } from '../../../core/part.js';
import { Notice } from '../../../ui/notice.js';
import { BackupByHand } from './by-hand.js';
import { BackupList } from './list.js';
import { SyncPanel } from './sync.js';

const BACKUPS = '/api/admin/backups';
const SYNC = '/api/admin/sync/status';
const EVERY_MS = 30_000;

/** Copies of the database, and the copy that is kept elsewhere. What this version cannot do yet is said, not drawn. */
export const Screen = {
  setup() {
    const offered = usePart(async () => {
      const [backups, sync] = await Promise.all([BACKUPS, SYNC].map(offers));
      return { backups, sync };
    });
    const backups = usePart((signal) => (offered.value.value?.backups ? read(BACKUPS, { signal }) : Promise.resolve(null)), { everyMs: EVERY_MS });
    const sync = usePart((signal) => (offered.value.value?.sync ? read(SYNC, { signal }) : Promise.resolve(null)), { everyMs: EVERY_MS });
    const load = async () => {
      await offered.load();
      await Promise.all([backups.load(), sync.load()]);
    };
    onMounted(load);

    return () => {
      const can = offered.value.value;
      const error = offered.error.value;
      return html`<div class="page backups">
        <div class="page-head"><div><h1>${t('backups.title')}</h1><p>${t('backups.text')}</p></div></div>
        ${error && html`<${Notice} tone="bad" alert title=${t('backups.failed')} text=${error.message}>
          <button type="button" class="btn" onClick=${load}>${t('common.retry')}</button><//>`}
        ${!can && !error && html`<div class="skeleton tall"></div>`}
        ${can && html`<div class="cols">
          <div class="stack g5">
            ${can.backups && html`<${BackupList} part=${backups} path=${BACKUPS} />`}
            <${BackupByHand} only=${!can.backups} />
          </div>
          ${can.sync ? html`<${SyncPanel} part=${sync} />` : html`<section class="panel" aria-labelledby="sync-title">
            <header><h2 id="sync-title">${t('sync.title')}</h2></header><p class="body soft">${t('sync.notOffered')}</p></section>`}
        </div>`}
      </div>`;
    };
  },
};
