import { fmtAgo } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { deviceOf } from '../people/device.js';

/** More would not be read; the rest is counted. */
const SHOWN = 30;
const ICONS = { phone: 'phone', computer: 'screen', program: 'settings' };

/**
 * Who has reached the server since it was started, the last heard of first.
 *
 * @param {{ devices: any[] }} props
 */
export const Devices = ({ devices }) => html`<section class="panel" aria-labelledby="devices-title">
  <header><h2 id="devices-title">${t('network.devices')}</h2><span class="badge">${t('network.deviceCount', { n: devices.length })}</span></header>
  <ul class="reached">${devices.slice(0, SHOWN).map(device)}</ul>
  ${devices.length > SHOWN && html`<p class="body soft small">${t('network.moreDevices', { n: devices.length - SHOWN })}</p>`}
</section>`;
Devices.props = ['devices'];

function device(known) {
  const { name, kind } = deviceOf(known.user_agent);
  return html`<li key=${known.ip}>
    ${icon(ICONS[kind])}
    <div class="grow"><b>${name}</b><p class="soft small tnum">${known.ip} · ${fmtAgo(Date.parse(known.last_seen))}</p></div>
    ${known.this_computer && html`<span class="badge">${t('network.thisComputer')}</span>`}
    ${known.joined && html`<span class="badge ok">${t('network.joined')}</span>`}
  </li>`;
}
