import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { Download } from '../import/download.js';

/** A file to send to somebody who helps. It says beforehand what is in it. */
export const SupportBundle = () => html`<section class="panel no-print" aria-labelledby="bundle-title">
  <header><h2 id="bundle-title">${t('bundle.title')}</h2></header>
  <div class="body stack g3">
    <p class="soft">${t('bundle.text')}</p>
    <ul class="checks">${['versions', 'health', 'numbers', 'log'].map((what) => html`<li key=${what}>
      <span class="dot"></span><span class="grow">${t(`bundle.with.${what}`)}</span></li>`)}</ul>
    <p class="soft small">${t('bundle.without')}</p>
    <div class="cluster"><${Download} path="/api/admin/support-bundle" label=${t('bundle.download')}>
      ${icon('download')}${t('bundle.button')}<//></div>
  </div>
</section>`;
