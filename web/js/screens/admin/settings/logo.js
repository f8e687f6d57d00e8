// @ts-check
import { computed, onUnmounted, ref, shallowRef } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { fmtBytes } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { info, loadInfo } from '../../../core/server-info.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { SettingRow } from './setting-row.js';

const PATH = '/api/admin/settings/logo';
const TYPES = ['image/png', 'image/jpeg', 'image/webp'];
const MOST_BYTES = 512 * 1024;

/** The organisation's logo. A new one is looked at before it is used; until then nothing is sent. */
export const Logo = {
  setup() {
    const chosen = shallowRef(/** @type {null | { file: File, address: string }} */ (null));
    const asking = ref(false);
    const over = ref(false);
    const busy = ref(false);
    const done = ref('');
    const problem = ref('');
    const stored = computed(() => info.value?.organisation?.logo ?? null);

    const forget = () => {
      if (chosen.value) URL.revokeObjectURL(chosen.value.address);
      chosen.value = null;
    };
    onUnmounted(forget);
    const choose = (/** @type {File | undefined} */ file) => {
      forget();
      done.value = '';
      problem.value = '';
      if (!file) return;
      if (!TYPES.includes(file.type)) problem.value = t('logo.wrongType', { file: file.name });
      else if (file.size > MOST_BYTES) problem.value = t('logo.tooLarge', { size: fmtBytes(file.size), most: fmtBytes(MOST_BYTES) });
      else chosen.value = { file, address: URL.createObjectURL(file) };
    };
    const pick = (/** @type {any} */ event) => {
      choose(event.target.files[0]);
      event.target.value = '';
    };
    const drop = (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      over.value = false;
      choose(event.dataTransfer?.files[0]);
    };
    const drag = (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      over.value = true;
    };

    /** @param {() => Promise<any>} work @param {string} words */
    const act = async (work, words) => {
      busy.value = true;
      problem.value = '';
      try {
        await work();
        await loadInfo();
        forget();
        done.value = words;
      } catch (/** @type {any} */ error) {
        problem.value = error.message;
      }
      asking.value = false;
      busy.value = false;
    };
    const use = () => {
      const { file } = /** @type {{ file: File }} */ (chosen.value);
      return act(() => client.send(PATH, { method: 'PUT', body: file, headers: { 'Content-Type': file.type } }), t('logo.saved'));
    };
    const remove = () => act(() => client.delete(PATH), t('logo.removed'));

    const buttons = () => {
      if (chosen.value) {
        return html`<button type="button" class="btn primary" disabled=${busy.value} onClick=${use}>${t('logo.use')}</button>
          <button type="button" class="btn" onClick=${forget}>${t('common.cancel')}</button>`;
      }
      if (asking.value) {
        return html`<b role="alert">${t('logo.removeQuestion')}</b>
          <button type="button" class="btn" onClick=${() => (asking.value = false)}>${t('common.cancel')}</button>
          <button type="button" class="btn danger solid" disabled=${busy.value} onClick=${remove}>${t('logo.remove')}</button>`;
      }
      return html`<label class="btn">${icon('upload')}${t(stored.value ? 'logo.replace' : 'logo.choose')}
          <input type="file" class="sr" accept=${TYPES.join(',')} onChange=${pick} /></label>
        ${stored.value && html`<button type="button" class="btn ghost danger" onClick=${() => (asking.value = true)}>
          ${t('logo.remove')}</button>`}`;
    };
    const picture = () => {
      const address = chosen.value?.address ?? stored.value;
      return address ? html`<img src=${address} alt=${t('logo.alt')} />` : html`<span class="muted">${t('logo.none')}</span>`;
    };

    return () => html`<${SettingRow} group label=${t('logo.label')} text=${t('logo.text')}>
      <div class=${['logo-place', over.value && 'over']} onDragover=${drag} onDragleave=${() => (over.value = false)} onDrop=${drop}>
        <div class="logo-picture">${picture()}</div>
        <div class="cluster">${buttons()}</div>
      </div>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('logo.notSaved')} text=${problem.value} />`}
      ${done.value && html`<${Notice} tone="ok" alert title=${done.value} />`}
    <//>`;
  },
};
