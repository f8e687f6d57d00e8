import { ref, shallowRef } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { toast } from '../../../ui/toast.js';

/** Brings a database file from elsewhere; the server verifies it before it is listed. */
export const UploadBackup = {
  props: { path: String },
  emits: ['done'],
  setup(props, { emit }) {
    const input = ref(null);
    const busy = ref(false);
    const problem = shallowRef(null);
    const send = async (event) => {
      const [file] = event.target.files;
      if (!file) return;
      busy.value = true;
      problem.value = null;
      const body = new FormData();
      body.append('file', file);
      try {
        await client.post(props.path, body, { timeout: 0 });
        toast(t('backups.uploaded', { name: file.name }));
        emit('done');
      } catch (error) {
        problem.value = error;
      } finally {
        busy.value = false;
        input.value.value = '';
      }
    };
    return () => html`<footer class="stack g3">
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('backups.notUploaded')} text=${problem.value.message} />`}
      <div class="spread"><span>${t('backups.uploadText')}</span>
        <input type="file" class="sr" tabindex="-1" aria-hidden="true" ref=${input} accept=".db,.sqlite" onChange=${send} />
        <button type="button" class="btn" disabled=${busy.value} onClick=${() => input.value.click()}>
          ${icon('upload')}${t(busy.value ? 'backups.uploading' : 'backups.upload')}</button></div>
    </footer>`;
  },
};
