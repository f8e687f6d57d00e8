// @ts-check
import { ref } from '../../../core/vue.js';
import { density, setDensity } from '../../../core/density.js';
import { html } from '../../../core/html.js';
import { LANGUAGES, language, setLanguage, t } from '../../../core/i18n.js';
import { letterKeys, setLetterKeys } from '../../../core/keys.js';
import { info } from '../../../core/server-info.js';
import { setTheme, theme } from '../../../core/theme.js';
import { nameOfLanguage } from './fields.js';
import { SettingRow } from './setting-row.js';

const THEMES = ['system', 'light', 'dark'];
const DENSITIES = ['device', 'desk', 'field'];

const themeText = (/** @type {string} */ name) => t(`theme.${name}`);
const densityText = (/** @type {string} */ name) => t(`density.${name}`);

/**
 * One of a few, all to be seen.
 *
 * @param {{ name: string, values: string[], text: (value: string) => string, value: string, choose: (value: any) => void }} props
 */
const Choices = ({ name, values, text, value, choose }) => html`<div class="segments">
  ${values.map((one) => html`<label key=${one}>
    <input type="radio" name=${name} value=${one} checked=${one === value} onChange=${() => choose(one)} />
    <span>${text(one)}</span></label>`)}
</div>`;
Choices.props = ['name', 'values', 'text', 'value', 'choose'];

/** How the program looks and listens in this browser alone. It acts at once and is kept here, not on the server. */
export const BrowserPanel = {
  setup() {
    const problem = ref('');
    const choose = async (/** @type {any} */ event) => {
      problem.value = '';
      try {
        await setLanguage(event.target.value);
      } catch {
        problem.value = t('browser.languageFailed');
        event.target.value = language();
      }
    };
    const offered = () => LANGUAGES.filter((name) => name === language() || (info.value?.languages ?? LANGUAGES).includes(name));

    return () => html`<section class="panel" aria-labelledby="this-browser">
      <header><h2 id="this-browser">${t('browser.title')}</h2><span class="muted small">${t('browser.where')}</span></header>
      <div class="settings">
        <${SettingRow} forId="browser-language" label=${t('browser.language')} text=${t('browser.languageText')} error=${problem.value}>
          <select class="input" id="browser-language" value=${language()} onChange=${choose}>
            ${offered().map((name) => html`<option key=${name} value=${name} lang=${name}>${nameOfLanguage(name)}</option>`)}
          </select><//>
        <${SettingRow} group label=${t('theme.label')} text=${t('browser.themeText')}>
          <${Choices} name="theme" values=${THEMES} text=${themeText} value=${theme.value} choose=${setTheme} /><//>
        <${SettingRow} group label=${t('browser.density')} text=${t('browser.densityText')}>
          <${Choices} name="density" values=${DENSITIES} text=${densityText} value=${density.value} choose=${setDensity} /><//>
        <${SettingRow} forId="browser-letters" label=${t('browser.letters')} text=${t('browser.lettersText')}>
          <label class="tick"><input type="checkbox" role="switch" class="switch" id="browser-letters" checked=${letterKeys.value}
            onChange=${(/** @type {any} */ event) => setLetterKeys(event.target.checked)} />
            ${t(letterKeys.value ? 'settings.on' : 'settings.off')}</label>
          <a class="link small" href="/admin/help/keyboard">${t('browser.lettersHelp')}</a><//>
      </div>
    </section>`;
  },
};
