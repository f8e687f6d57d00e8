import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { toast } from '../../../ui/toast.js';
import { copyText } from '../health/copy.js';
import { NetworkName } from './name.js';

/**
 * Every address of the server, each with the code a phone's camera opens.
 *
 * @param {{ network: any }} props the answer of `/api/admin/network`
 */
export const Addresses = ({ network }) => html`<section class="panel" aria-labelledby="addresses-title">
  <header><h2 id="addresses-title">${t('network.addresses')}</h2></header>
  <ul class="addresses">${network.addresses.map(address)}</ul>
  <${NetworkName} name=${network.name} />
</section>`;
Addresses.props = ['network'];

const address = (known) => html`<li key=${known.host}>
  <img src=${`/api/join/qr.svg?host=${encodeURIComponent(known.host)}`} alt=${t('network.code', { address: known.join_url })}
    width="148" height="148" loading="lazy" />
  <div class="grow">
    <b class="path">${known.url}</b>
    ${known.secure_url && html`<p class="path small">${known.secure_url}</p>`}
    <p class="soft small">${t(`network.kind.${known.kind}`)}${known.interface && html` <span class="tnum">(${known.interface})</span>`}</p>
    <div class="cluster no-print">
      <button type="button" class="btn" onClick=${() => copy(known.url)}>${icon('copy')}${t('network.copy')}</button>
      <a class="btn" href=${`/join/sheet?host=${encodeURIComponent(known.host)}`} target="_blank" rel="noopener"
        aria-label=${t('network.sheetOf', { address: known.url })}>${icon('print')}${t('network.sheetShort')}</a>
    </div>
  </div>
</li>`;

async function copy(text) {
  toast(t((await copyText(text)) ? 'network.copied' : 'log.notCopied', { address: text }));
}
