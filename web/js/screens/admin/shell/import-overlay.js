import { shallowRef, watch } from '../../../core/vue.js';
import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Dialog } from '../../../ui/dialog.js';
import { Notice } from '../../../ui/notice.js';
import { loadImportDialog } from '../routes.js';

/** The import over the page, which any part of it and any integration opens with `athsys.showImportModal`. Loaded when first opened. */
export const ImportOverlay = {
  setup() {
    const dialog = shallowRef(null);
    const failed = shallowRef(false);
    const load = async () => {
      failed.value = false;
      try {
        dialog.value = (await loadImportDialog()).ImportDialog;
      } catch (error) {
        console.warn(error);
        failed.value = true;
      }
    };
    watch(() => dashboard.showImportModal, (shown) => shown && !dialog.value && load(), { immediate: true });
    const close = () => (dashboard.showImportModal = false);

    return () => {
      if (!dashboard.showImportModal) return null;
      if (dialog.value) return html`<${dialog.value} />`;
      return failed.value && html`<${Dialog} title=${t('screen.failed')} onClose=${close}>
        <${Notice} tone="bad" alert title=${t('screen.failed')} text=${t('screen.failedText')}>
          <button type="button" class="btn" onClick=${load}>${t('common.retry')}</button><//>
      <//>`;
    };
  },
};
