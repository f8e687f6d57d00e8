import { html } from '../../core/html.js';
import { isPlain } from '../../core/here.js';
import { t } from '../../core/i18n.js';
import { info } from '../../core/server-info.js';
import { Notice } from '../../ui/notice.js';

/** Where a password is asked for and the line is not encrypted: what that means, and the way to a safe one. */
export const PlainNotice = () => isPlain() && html`<${Notice} tone="warn" title=${t('network.plain')}
  text=${`${t('network.plainText')} ${info.value?.https ? t('network.plainSafe') : ''}`}>
  ${info.value?.https && html`<a class="btn" href=${info.value.https + location.pathname}>${t('network.useHttps')}</a>
    <a class="btn ghost" href="/join#safer">${t('network.tlsInstall')}</a>`}<//>`;
