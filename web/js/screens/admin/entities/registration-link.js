import { ref } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';

/**
 * The address under which athletes register for a race, to be copied. Over plain http there is no clipboard for pages: then the text is
 * selected, and Ctrl C takes it.
 */
export const RegistrationLink = {
  props: { race: Object, link: String },
  setup(props) {
    const field = ref(null);
    const said = ref('');
    const address = () => (/^https?:/.test(props.link) ? props.link : `${location.origin}/register/${encodeURIComponent(props.link)}`);
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(address());
        said.value = t('races.copied');
      } catch {
        field.value?.select();
        said.value = t('races.selected');
      }
    };
    return () => props.link && html`<section class="copy-line">
      <label for="registration-link">${t('races.address')}</label>
      <div class="cluster">
        <input class="input grow" id="registration-link" ref=${field} readonly value=${address()} onFocus=${(event) => event.target.select()} />
        <button type="button" class="btn" onClick=${copy}>${icon('copy')}${t('races.copy')}</button>
      </div>
      <p class="hint" role="status">${said.value || (props.race.registrationOpen ? '' : t('races.closedHint'))}</p>
    </section>`;
  },
};
