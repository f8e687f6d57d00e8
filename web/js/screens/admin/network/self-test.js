import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { deviceOf } from '../people/device.js';

const SYSTEMS = ['windows', 'macos', 'linux'];

/** What opens the port in each system's firewall, as somebody types it; for Linux, in either of its two. */
const COMMANDS = {
  windows: (port) => [`netsh advfirewall firewall add rule name="athsys" dir=in action=allow protocol=TCP localport=${port}`],
  macos: () => ['sudo /usr/libexec/ApplicationFirewall/socketfilterfw --add "$(which athsys)" --unblockapp "$(which athsys)"'],
  linux: (port) => [`sudo ufw allow ${port}/tcp`, `sudo firewall-cmd --add-port=${port}/tcp`],
};

/** What else keeps phones away, in the order of how often it does. */
const CAUSES = ['wifi', 'stay', 'isolation', 'address'];

/**
 * Tries the way a phone takes: green as soon as a device other than this computer came, and until then what to do.
 *
 * @param {{ network: any }} props
 */
export const SelfTest = ({ network }) => html`<section class=${['panel', 'self-test', network.device_reached && 'passed']} aria-labelledby="test-title">
  <header><h2 id="test-title">${t('network.test')}</h2>
    <p class="state" role="status"><span class=${['dot', network.device_reached ? 'ok' : 'off']}></span>${verdict(network)}</p></header>
  ${network.local_only ? localOnly() : steps(network)}
</section>`;
SelfTest.props = ['network'];

function verdict(network) {
  if (network.local_only) return t('network.testLocal');
  const others = network.devices.filter((device) => !device.this_computer);
  if (!others.length) return t('network.testWaiting');
  return t('network.testPassed', { device: deviceOf(others[0].user_agent).name });
}

const localOnly = () => html`<div class="body stack"><p>${t('network.localText')}</p>
  <p class="small"><code>athsys serve --listen 0.0.0.0:5000</code></p></div>`;

const steps = (network) => {
  const [{ host, join_url: address }] = network.addresses;
  return html`<div class="body stack">
    <div class="try">
      <img src=${`/api/join/qr.svg?host=${encodeURIComponent(host)}`} alt=${t('network.code', { address })} width="148" height="148" />
      <ol>
        <li>${t('network.step1')}</li>
        <li>${t('network.step2', { address })}</li>
        <li>${t('network.step3')}</li>
      </ol>
    </div>
    ${!network.device_reached && help(network)}
  </div>`;
};

const help = (network) => html`<div class="stack">
  <h3>${t('network.none')}</h3>
  <div class="causes">
    ${CAUSES.map((cause) => html`<details key=${cause}><summary>${t(`network.cause.${cause}`)}</summary><p class="soft">${t(`network.causeText.${cause}`)}</p></details>`)}
    ${inOrder(network.system).map((system) => firewall(system, network))}
  </div>
</div>`;

/** The system of the server first. */
const inOrder = (own) => [...SYSTEMS].sort((a, b) => Number(b === own) - Number(a === own));

const firewall = (system, network) => html`<details key=${system} open=${system === network.system}>
  <summary>${icon('shield')}${t(`network.firewall.${system}`)}</summary>
  <p class="soft">${t(`network.firewallText.${system}`)}</p>
  ${COMMANDS[system](portOf(network.addresses[0].url)).map((command) => html`<p key=${command} class="small"><code class="path">${command}</code></p>`)}
</details>`;

const portOf = (url) => new URL(url).port || '80';
