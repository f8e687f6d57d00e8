import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { choice, format, kind, offered } from './choice.js';

const select = (name, label, values, value, text) => html`<div class="field half">
  <label for=${`export-${name}`}>${label}</label>
  <select class="input" id=${`export-${name}`} value=${value} onChange=${(event) => (choice[name] = event.target.value)}>
    ${values.map((one) => html`<option key=${one} value=${one}>${text(one)}</option>`)}
  </select></div>`;

/** What, and in which form. */
export const Selects = () => html`<div class="form-grid">
  ${select('kind', t('export.what'), Object.keys(offered.value), kind.value, (one) => t(`export.kind.${one}`))}
  ${select('format', t('export.format'), offered.value[kind.value], format.value, (one) => t(`format.${one}`))}
</div>`;
