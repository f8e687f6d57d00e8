import { onMounted } from '../../../core/vue.js';
import { read } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { icon } from '../../../ui/icon.js';
import { PartState } from '../people/part-state.js';
import { Addresses } from './addresses.js';
import { Certificate } from './certificate.js';
import { Devices } from './devices.js';
import { SelfTest } from './self-test.js';

const EVERY_MS = 3_000;

/** How phones and tablets find the server, which of them did, and what to do when none does. */
export const Screen = {
  setup() {
    const part = usePart((signal) => read('/api/admin/network', { signal }), { everyMs: EVERY_MS });
    onMounted(part.load);

    return () => {
      const network = part.value.value;
      return html`<div class="page network">
        <div class="page-head">
          <div><h1>${t('network.title')}</h1><p>${t('network.text')}</p></div>
          <div class="cluster no-print">
            <a class="btn" href="/join/sheet" target="_blank" rel="noopener">${icon('print')}${t('network.sheet')}</a>
            <a class="btn" href="/admin/help/phones-join">${icon('help')}${t('network.help')}</a>
          </div>
        </div>
        <${PartState} part=${part} title=${t('network.failed')} />
        ${network && html`<${SelfTest} network=${network} />
          <div class="cols">
            <${Addresses} network=${network} />
            <div class="stack g5"><${Certificate} tls=${network.tls} /><${Devices} devices=${network.devices} /></div>
          </div>`}
      </div>`;
    };
  },
};
