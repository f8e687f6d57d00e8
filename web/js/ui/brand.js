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
  return html`<span class="brand">
    ${logo ? html`<img src=${logo} alt="" />` : mark()}
    <span class="brand-name">${name || t('app.name')}${name && html`<small>${t('app.name')}</small>`}</span>
  </span>`;
};
