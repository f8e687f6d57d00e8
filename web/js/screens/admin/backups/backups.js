import { onMounted } from '../../../core/vue.js';
import { read } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { offers } from '../../../core/offers.js';
import { usePart } from '../../../core/part.js';
import { Notice } from '../../../ui/notice.js';
import { BackupState, stateSentence } from './state.js';
import { BackupList } from './list.js';
import { FilePlaces } from './places.js';
import { SyncPanel } from './sync.js';

const BACKUPS = '/api/admin/backups';
const SYNC = '/api/admin/sync/status';
const EVERY_MS = 10_000;

/** The file that may be copied, the backups, the way back to one, and the copy that is kept elsewhere. */
export const Screen = {
  setup() {
    const backups = usePart((signal) => read(BACKUPS, { signal }), { everyMs: EVERY_MS });
    const offered = usePart(() => offers(SYNC));
    const sync = usePart((signal) => (offered.value.value ? read(SYNC, { signal }) : Promise.resolve(null)), { everyMs: EVERY_MS });
    onMounted(async () => {
      void backups.load();
      await offered.load();
      void sync.load();
    });

    return () => {
      const state = backups.value.value;
      const error = backups.error.value;
      return html`<div class="page backups">
        <div class="page-head"><div><h1>${t('backups.title')}</h1>
          <p role="status">${state ? stateSentence(state) : t('backups.text')}</p></div></div>
        ${error && html`<${Notice} tone="bad" alert title=${t('backups.failed')} text=${error.message}>
          <button type="button" class="btn" onClick=${backups.load}>${t('common.retry')}</button><//>`}
        ${!state && !error && html`<div class="skeleton tall"></div>`}
        ${state && html`<${BackupState} state=${state} />`}
        <div class="cols">
          ${state && html`<${BackupList} part=${backups} path=${BACKUPS} />`}
          <div class="stack g5">
            ${state && html`<${FilePlaces} state=${state} />`}
            ${offered.value.value ? html`<${SyncPanel} part=${sync} />` : html`<section class="panel" aria-labelledby="sync-title">
              <header><h2 id="sync-title">${t('sync.title')}</h2></header><p class="body soft">${t('sync.notOffered')}</p></section>`}
          </div>
        </div>
      </div>`;
    };
  },
};
