// @ts-check
import { ref } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';

/**
 * A password that can be looked at while it is typed, so that nobody has to type it twice. Pasting is welcome: people who keep
 * their passwords in a manager have good ones.
 */
export const PasswordField = {
  props: {
    name: { type: String, required: true },
    label: { type: String, required: true },
    hint: String,
    autocomplete: { type: String, required: true },
    form: { type: Object, required: true },
    errors: { type: Object, required: true },
    prefix: { type: String, required: true },
  },
  /** @param {any} props */
  setup(props) {
    const shown = ref(false);
    const type = (/** @type {any} */ event) => {
      props.form[props.name] = event.target.value;
      delete props.errors[props.name];
    };
    const below = (/** @type {string} */ id) => {
      const error = props.errors[props.name];
      if (error) return html`<span class="err" id=${id}>${icon('alert')}<span>${error}</span></span>`;
      return props.hint && html`<span class="hint" id=${id}>${props.hint}</span>`;
    };
    const action = () => t(shown.value ? 'password.hide' : 'password.show');
    return () => {
      const id = `${props.prefix}-${props.name}`;
      return html`<div class="field">
        <label for=${id}>${props.label}</label>
        <div class="reveal">
          <input class="input" id=${id} name=${props.name} type=${shown.value ? 'text' : 'password'} value=${props.form[props.name]}
            autocomplete=${props.autocomplete} autocapitalize="none" spellcheck="false" aria-required="true"
            aria-invalid=${props.errors[props.name] ? 'true' : null} aria-describedby=${`${id}-about`} onInput=${type} />
          <button type="button" aria-label=${t('password.buttonLabel', { action: action(), label: props.label })}
            onClick=${() => (shown.value = !shown.value)}>${action()}</button>
        </div>
        ${below(`${id}-about`)}
      </div>`;
    };
  },
};
