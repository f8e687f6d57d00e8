import { ref } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';

/** The name that the server gives a file. */
function nameIn(header) {
  const exact = /filename\*=UTF-8''([^;]+)/i.exec(header ?? '');
  return exact ? decodeURIComponent(exact[1]) : (/filename="([^"]+)"/i.exec(header ?? '')?.[1] ?? '');
}

/**
 * A button that saves a file of the server, with the session's token. What goes wrong is said in its place.
 *
 * Props: `path`, `label` for who does not see, `tone` the button's classes; slot: what it shows.
 */
export const Download = {
  props: { path: String, label: String, tone: { type: String, default: '' } },
  setup(props, { slots }) {
    const busy = ref(false);
    const problem = ref('');
    const save = async () => {
      busy.value = true;
      problem.value = '';
      try {
        const response = await client.send(props.path, { timeout: 0 });
        dashboard.importService.downloadFile(await response.blob(), nameIn(response.headers.get('Content-Disposition')));
      } catch (error) {
        problem.value = error.message;
      } finally {
        busy.value = false;
      }
    };
    return () => html`<button type="button" class=${['btn', props.tone]} aria-label=${props.label} disabled=${busy.value}
      onClick=${save}>${slots.default?.() ?? icon('download')}</button>
      ${problem.value && html`<span class="err small" role="alert">${t('common.notDownloaded', { why: problem.value })}</span>`}`;
  },
};
