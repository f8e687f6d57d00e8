// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';

/** The mark is a track seen from above. */
export const Brand = () => html`<span class="brand">
  <svg viewBox="0 0 34 24" aria-hidden="true">
    <rect x="2" y="2" width="30" height="20" rx="10" />
    <rect x="6.5" y="6.5" width="21" height="11" rx="5.5" />
    <path d="M12 12h10" />
  </svg>${t('app.name')}</span>`;
