import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { match } from './mending.js';

/** Names that look as if first and last name were exchanged; they are turned round only when somebody says so. */
export const NamesTurned = ({ turned }) => html`<div class="notice">
  <div class="grow"><b>${turned.text}</b>
    <ul class="examples">${turned.examples.map(([before, after]) => html`<li key=${before}><del>${before}</del> <ins>${after}</ins></li>`)}</ul></div>
  <button type="button" class="btn" onClick=${() => turnRound(turned)}>${t('check.turnNames')}</button>
</div>`;
NamesTurned.props = ['turned'];

function turnRound({ mapping }) {
  for (const [heading, field] of Object.entries(mapping)) void match(heading, field);
}
