// @ts-check
import { nextTick, ref } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Dialog } from '../../../ui/dialog.js';
import { Notice } from '../../../ui/notice.js';

/**
 * Shows a made-up password, which nobody can look up later. Over plain http a page has no clipboard of its own: there the old way of
 * copying what is selected is tried, and at worst the password stays selected for the keyboard.
 */
export const NewPassword = {
  props: {
    name: { type: String, required: true },
    email: { type: String, required: true },
    password: { type: String, required: true },
  },
  emits: ['close'],
  /** @param {any} props @param {any} context */
  setup(props, { emit }) {
    const input = ref(/** @type {HTMLInputElement | null} */ (null));
    const copied = ref('');
    const copy = async () => {
      copied.value = '';
      input.value?.select();
      let done = false;
      try {
        if (navigator.clipboard) await navigator.clipboard.writeText(props.password);
        done = Boolean(navigator.clipboard) || document.execCommand('copy');
      } catch {
        done = document.execCommand('copy');
      }
      await nextTick();
      copied.value = t(done ? 'newPassword.copied' : 'newPassword.selected');
    };
    return () => html`<${Dialog} title=${t('newPassword.title', { name: props.name })} text=${t('newPassword.text')}
      onClose=${() => emit('close')}>${{
        default: () => html`<dl class="facts"><div><dt>${t('users.email')}</dt><dd>${props.email}</dd></div></dl>
          <div class="field"><label for="new-password">${t('newPassword.label')}</label>
            <div class="secret-line">
              <input ref=${input} class="input secret" id="new-password" readonly value=${props.password} aria-describedby="new-password-about"
                onFocus=${(/** @type {any} */ event) => event.target.select()} />
              <button type="button" class="btn" onClick=${copy}>${t('newPassword.copy')}</button>
            </div>
            <span class="hint" id="new-password-about" role="status">${copied.value || t('newPassword.hint')}</span></div>
          <${Notice} tone="warn" title=${t('newPassword.once')} text=${t('newPassword.onceText')} />`,
        footer: () => html`<button type="button" class="btn primary" onClick=${() => emit('close')}>${t('common.done')}</button>`,
      }}<//>`;
  },
};
