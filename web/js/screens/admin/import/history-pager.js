import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';

/** Which of the imports are shown, and the way to older ones. Emits `page`. */
export const HistoryPager = {
  props: { answer: Object },
  emits: ['page'],
  setup(props, { emit }) {
    return () => {
      const { page, perPage, total, count } = props.answer;
      if (total <= perPage) return null;
      const from = (page - 1) * perPage + 1;
      return html`<footer class="pager">
        <span role="status">${t('history.range', { from, to: from + count - 1, total })}</span>
        <div class="cluster">
          <button type="button" class="btn icon-only" aria-label=${t('history.newer')} disabled=${page <= 1}
            onClick=${() => emit('page', page - 1)}>${icon('back')}</button>
          <button type="button" class="btn icon-only" aria-label=${t('history.older')} disabled=${page * perPage >= total}
            onClick=${() => emit('page', page + 1)}>${icon('forward')}</button>
        </div>
      </footer>`;
    };
  },
};
