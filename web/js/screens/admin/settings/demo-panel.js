// @ts-check
import { onMounted, ref, shallowRef } from '../../../core/vue.js';
import { client, read } from '../../../core/api.js';
import { demoAddress } from '../../../core/demo.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { info } from '../../../core/server-info.js';
import { Notice } from '../../../ui/notice.js';
import { SettingRow } from './setting-row.js';

const PATH = '/api/admin/demo';

/** A meet of invented athletes beside the real one: start it, go there, or remove it with all that was tried in it. */
export const DemoPanel = {
  setup() {
    const demo = shallowRef(/** @type {any} */ (null));
    const problem = ref('');
    const busy = ref(false);
    /** @param {() => Promise<any>} ask */
    const act = async (ask) => {
      busy.value = true;
      problem.value = '';
      try {
        demo.value = (await ask()).demo;
      } catch (/** @type {any} */ error) {
        problem.value = error.message;
      }
      busy.value = false;
    };
    onMounted(() => void act(() => read(PATH)));
    const start = () => act(() => client.post(PATH));
    const remove = () => act(() => client.delete(PATH));

    const buttons = () => html`<div class="cluster">
      ${demo.value.port
        ? html`<a class="btn" href=${demoAddress(demo.value.port)} target="_blank">${t('demoMeet.open')}</a>`
        : html`<button type="button" class="btn" disabled=${busy.value} onClick=${start}>${t(busy.value ? 'setup.demoStarting' : 'demoMeet.start')}</button>`}
      ${demo.value.kept && html`<button type="button" class="btn danger" disabled=${busy.value} onClick=${remove}>${t('demoMeet.remove')}</button>`}
    </div>`;
    const isShown = () => demo.value && (demo.value.possible || demo.value.kept) && !info.value?.demo;

    return () => isShown() && html`<section class="panel" aria-labelledby="demo-meet">
      <header><h2 id="demo-meet">${t('demoMeet.title')}</h2></header>
      <div class="settings"><${SettingRow} group label=${t('demoMeet.label')} text=${t('demoMeet.text', { folder: demo.value.folder })}>
        ${problem.value && html`<${Notice} tone="bad" alert title=${t('demoMeet.failed')} text=${problem.value} />`}
        ${buttons()}<//></div>
    </section>`;
  },
};
