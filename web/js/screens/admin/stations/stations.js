import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { StationPanel } from './panel.js';

/** Every station link of the last days. New ones are made at their event. */
export const Screen = () => html`<div class="page">
  <header class="page-head"><div><h1>${t('stations.title')}</h1><p>${t('stations.about')}</p></div></header>
  <${StationPanel} />
</div>`;
