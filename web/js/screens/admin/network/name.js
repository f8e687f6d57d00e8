import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';

const TONES = { announced: 'ok', taken: 'warn', failed: 'warn' };

/**
 * How it is with the name that the server tells the network.
 *
 * @param {{ name: { state: string, name?: string, wanted?: string } }} props
 */
export const NetworkName = ({ name: { state, name = '', wanted = '' } }) => html`<div class="body">
  <${Notice} tone=${TONES[state] ?? 'info'} title=${t(`network.name.${state}`, { name, wanted })}
    text=${t(`network.nameText.${state}`, { name, wanted })} />
</div>`;
NetworkName.props = ['name'];
