import { fmtDate } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';

/**
 * Whether the server speaks https, and what to compare when a phone asks whether to trust it.
 *
 * @param {{ tls: any }} props
 */
export const Certificate = ({ tls }) => html`<section class="panel" aria-labelledby="tls-title">
  <header><h2 id="tls-title">${t('network.tls')}</h2>
    <span class=${['badge', tls.mode === 'off' ? 'warn' : 'ok']}>${t(`network.tlsMode.${tls.mode}`)}</span></header>
  <div class="body stack">
    <p class="soft">${t(`network.tlsText.${tls.mode}`)}</p>
    ${tls.mode === 'off' && html`<p class="small"><code>athsys serve --tls</code></p>`}
    ${tls.mode !== 'off' && facts(tls)}
    ${tls.mode === 'made' && html`<p><a class="link" href="/join#safer">${t('network.tlsInstall')}</a></p>`}
  </div>
</section>`;
Certificate.props = ['tls'];

const facts = (tls) => html`<dl class="facts">
  ${tls.authority_fingerprint && fact(t('network.authorityFingerprint'), tls.authority_fingerprint, 'fingerprint')}
  ${fact(t('network.fingerprint'), tls.fingerprint, 'fingerprint')}
  ${fact(t('network.tlsUntil'), fmtDate(tls.not_after.slice(0, 10)))}
  ${fact(t('network.tlsFor'), [...tls.names, ...tls.ips].join(', '))}
</dl>`;

const fact = (name, value, look = null) => html`<div><dt>${name}</dt><dd class=${look}>${value}</dd></div>`;
