// @ts-check
import { ref } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';
import { USERS } from './use-users.js';

/** Takes the second factor off somebody's account, when phone and codes are lost. */
export const FactorOff = {
  props: { id: { type: Number, required: true }, name: String },
  /** @param {any} props */
  setup(props) {
    const state = ref(/** @type {'' | 'asking' | 'busy' | 'done'} */ (''));
    const problem = ref('');
    const off = async () => {
      state.value = 'busy';
      problem.value = '';
      try {
        await client.post(`${USERS}/${props.id}/second-factor/off`, {});
        state.value = 'done';
      } catch (/** @type {any} */ error) {
        problem.value = error.message;
        state.value = '';
      }
    };
    const asks = () => html`<div class="cluster">
      <button type="button" class="btn" onClick=${() => (state.value = '')}>${t('common.cancel')}</button>
      <button type="button" class="btn danger solid" disabled=${state.value === 'busy'} onClick=${off}>${t('factor.off')}</button></div>`;
    return () => html`<section class="drawer-part" aria-labelledby="user-factor">
      <h3 id="user-factor">${t('factor.title')}</h3>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('factor.failed')} text=${problem.value} />`}
      ${state.value === 'done' ? html`<${Notice} tone="ok" alert title=${t('factor.offDone', { name: props.name ?? '' })} />` : html`
        <p class="soft">${t('factor.offAbout')}</p>
        ${state.value ? asks() : html`<button type="button" class="btn danger start" onClick=${() => (state.value = 'asking')}>${t('factor.off')}</button>`}`}
    </section>`;
  },
};
