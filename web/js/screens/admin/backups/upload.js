import { ref, shallowRef } from '../../../core/vue.js';
import { dashboard } from '../../../core/dashboard.js';
import { fmtBytes, fmtPercent } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { toast } from '../../../ui/toast.js';

/** What was not taken and why, in the words of the person who chose it. */
const explain = (error) => (hasText(`upload.refused.${error.code}`) ? t(`upload.refused.${error.code}`) : error.message);

/** Brings a database file from elsewhere; the server verifies it before it is listed. */
export const UploadBackup = {
  props: { path: { type: String, required: true } },
  emits: ['done'],
  setup(props, { emit }) {
    const input = ref(null);
    const sending = shallowRef(null);
    const problem = shallowRef(null);
    let controller = null;

    const send = async (event) => {
      const [file] = event.target.files;
      if (!file) return;
      controller = new AbortController();
      sending.value = { name: file.name, loaded: 0, size: file.size, phase: 'uploading' };
      problem.value = null;
      const form = new FormData();
      form.append('file', file);
      const report = (progress) => (sending.value = { ...sending.value, ...progress });
      try {
        await dashboard.importService.sendForm(props.path, form, { size: file.size, report, signal: controller.signal });
        toast(t('backups.uploaded', { name: file.name }));
        emit('done');
      } catch (error) {
        if (!controller.signal.aborted) problem.value = { title: t('backups.notUploaded', { name: file.name }), text: explain(error) };
      } finally {
        sending.value = null;
        input.value.value = '';
      }
    };

    const progress = ({ name, loaded, size, phase }) => {
      const isSending = phase === 'uploading';
      return html`<div class="stack g2">
        <div class="spread"><span role="status">${t(isSending ? 'upload.sending' : 'upload.verifying', { name })}</span>
          <span class="tnum">${isSending && t('upload.sent', { share: fmtPercent(size ? loaded / size : 1), size: fmtBytes(size) })}</span></div>
        <progress class="progress" max="1" value=${isSending && size ? loaded / size : null} aria-label=${t('upload.progress')}></progress>
        ${isSending && html`<div class="cluster"><button type="button" class="btn" onClick=${() => controller.abort()}>${t('common.cancel')}</button></div>`}
      </div>`;
    };

    return () => html`<footer class="stack g3 no-print">
      ${problem.value && html`<${Notice} tone="bad" alert title=${problem.value.title} text=${problem.value.text} />`}
      ${sending.value && progress(sending.value)}
      <div class="spread"><span>${t('backups.uploadText')}</span>
        <input type="file" class="sr" tabindex="-1" aria-hidden="true" ref=${input} accept=".db,.sqlite" onChange=${send} />
        <button type="button" class="btn" disabled=${sending.value !== null} onClick=${() => input.value.click()}>
          ${icon('upload')}${t('backups.upload')}</button></div>
    </footer>`;
  },
};
