import { onMounted, onUnmounted, ref, watch } from '../../../core/vue.js';
import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { changesOf } from '../../../core/live.js';
import { loadMeets } from '../../../core/meet.js';
import { icon } from '../../../ui/icon.js';
import { MeetPanel } from './meet-panel.js';
import { ChosenMeet } from './meet-row.js';

/** Which race the screens are about, or all of them. */
export const MeetSwitch = {
  setup() {
    const open = ref(false);
    const root = ref(null);
    /** Where the panel begins: it is wider than the sidebar, which would cut it off if it lay inside. */
    const top = ref(0);

    watch(() => dashboard.revision + changesOf('race'), loadMeets, { immediate: true });

    const button = () => root.value.querySelector('.meet-button');
    const toggle = () => {
      top.value = Math.round(button().getBoundingClientRect().bottom) + 4;
      open.value = !open.value;
    };
    const close = () => {
      open.value = false;
      button().focus();
    };
    const outside = (event) => {
      if (!root.value?.contains(event.target)) open.value = false;
    };
    onMounted(() => ['pointerdown', 'focusin'].forEach((name) => document.addEventListener(name, outside)));
    onUnmounted(() => ['pointerdown', 'focusin'].forEach((name) => document.removeEventListener(name, outside)));

    return () => html`<div class="meet" ref=${root}>
      <button type="button" class="meet-button" aria-expanded=${String(open.value)} onClick=${toggle}>
        <span class="grow"><span class="sr">${t('meet.label')}</span><${ChosenMeet} /></span>${icon('chevron')}
      </button>
      ${open.value && html`<${MeetPanel} top=${top.value} onClose=${close} />`}
    </div>`;
  },
};
