import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { info } from '../../core/server-info.js';
import { Notice } from '../../ui/notice.js';

/** On every page of a server that was started with demo data: its accounts have known passwords. */
export const DemoBanner = () => info.value?.demo && html`<p class="demo-banner" role="note">
  <b>${t('demo.title')}</b> ${t('demo.text')}</p>`;

/** There is nobody who could sign in yet. */
export const SetupNotice = () => html`<${Notice} tone="info" title=${t('setup.needed')} text=${t('setup.neededText')} />`;
