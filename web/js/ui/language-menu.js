// @ts-check
import { ref } from '../core/vue.js';
import { html } from '../core/html.js';
import { LANGUAGES, language, setLanguage, t } from '../core/i18n.js';
import { setQuery } from '../core/router.js';
import { info } from '../core/server-info.js';
import { icon } from './icon.js';
import { Menu } from './menu.js';

/** The languages that the server offers, of those that there are texts for. */
export const languages = () => LANGUAGES.filter((name) => info.value?.languages?.includes(name) ?? true);

/** Each language stands in its own words, so that it is found by who reads no other. With `wide` the button says the present one. */
export const LanguageMenu = {
  props: { up: Boolean, wide: Boolean },
  /** @param {any} props */
  setup(props) {
    const failed = ref(false);
    const choose = async (/** @type {string} */ name, /** @type {() => void} */ close) => {
      failed.value = false;
      try {
        await setLanguage(name);
        setQuery({ lang: null }, { replace: true });
        close();
      } catch {
        failed.value = true;
      }
    };
    const label = () => (props.wide ? t('command.language', { language: t(`language.${language()}`) }) : t('language.label'));
    return () => html`<${Menu} label=${label()} up=${props.up}
      buttonClass=${props.wide ? 'btn ghost' : 'btn ghost icon-only'}>${{
      button: () => [icon('language'), props.wide && t(`language.${language()}`)],
      default: (/** @type {{ close: () => void }} */ { close }) => [
        languages().map((name) => html`<button type="button" key=${name} lang=${name} aria-pressed=${String(language() === name)}
          onClick=${() => choose(name, close)}><span class="grow">${t(`language.${name}`)}</span>
          ${language() === name && icon('check')}</button>`),
        failed.value && html`<p class="menu-note" role="alert">${t('language.failed')}</p>`,
      ],
    }}<//>`;
  },
};
