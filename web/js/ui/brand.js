// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { info } from '../core/server-info.js';

/** The mark is a track seen from above. */
const mark = () => html`<svg viewBox="0 0 34 24" aria-hidden="true">
  <rect x="2" y="2" width="30" height="20" rx="10" />
  <rect x="6.5" y="6.5" width="21" height="11" rx="5.5" />
  <path d="M12 12h10" />
</svg>`;

/** Who runs this server, when they have said so, and else the program's own name and mark. */
export const Brand = () => {
  const { name, logo } = info.value?.organisation ?? {};
  if (!name) return html`<span class="brand">${logo ? picture(logo) : mark()}${t('app.name')}</span>`;
  return html`<span class="brand organisation">
    ${logo ? picture(logo) : mark()}<span><b>${name}</b><small aria-hidden="true">${t('app.name')}</small></span>
  </span>`;
};

/** The name stands beside it. @param {string} address */
const picture = (address) => html`<img src=${address} alt="" />`;

/** What a link around the brand is called. */
export const homeLabel = () => t('nav.home', { name: info.value?.organisation?.name || t('app.name') });
