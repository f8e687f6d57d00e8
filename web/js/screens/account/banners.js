import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { info } from '../../core/server-info.js';
import { Notice } from '../../ui/notice.js';

/** On every page of a server that was started with demo data: its accounts have known passwords. */
export const DemoBanner = () => info.value?.demo && html`<aside class="demo-banner" aria-label=${t('demo.title')}>
  <b>${t('demo.title')}</b> <span class="desk">${t('demo.text')}</span><span class="mob">${t('demo.short')}</span></aside>`;

/** There is nobody who could sign in yet. */
export const SetupNotice = () => html`<${Notice} tone="info" title=${t('setup.needed')} text=${t('setup.neededText')} />`;
