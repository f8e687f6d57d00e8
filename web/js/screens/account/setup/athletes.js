import { onMounted, ref } from '../../../core/vue.js';
import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { go } from '../../../core/router.js';
import { ENDINGS } from '../../admin/import/file-kind.js';

/** Which athletes? Takes the file of a club to the import, or leaves it for later. */
export const AthletesStep = {
  setup() {
    const over = ref(false);
    onMounted(() => dashboard.checkDatabaseHealth());
    const take = (/** @type {File | undefined} */ file) => {
      if (!file) return;
      dashboard.importFile = file;
      go('/admin/import', { replace: true });
    };
    const drag = (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      over.value = true;
    };
    const drop = (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      over.value = false;
      take(event.dataTransfer?.files[0]);
    };
    const path = () => dashboard.databaseHealth?.details?.path;

    return () => html`<div class="stack">
      <div class=${['gate-drop', over.value && 'over']} onDragover=${drag} onDragleave=${() => (over.value = false)} onDrop=${drop}>
        <p>${t('setup.drop')}</p>
        <label class="btn primary">${t('setup.choose')}
          <input type="file" class="sr" accept=${ENDINGS} onChange=${(/** @type {any} */ event) => take(event.target.files[0])} /></label>
      </div>
      <button type="button" class="btn" onClick=${() => go('/admin', { replace: true })}>${t('setup.finish')}</button>
      ${path() && html`<p class="soft small">${t('setup.keptIn', { path: path() })}</p>`}
    </div>`;
  },
};
