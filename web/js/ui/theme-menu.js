// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { setTheme, theme } from '../core/theme.js';
import { icon } from './icon.js';
import { Menu } from './menu.js';

/** @type {[import('../core/theme.js').Theme, string][]} */
export const THEMES = [
  ['system', 'screen'],
  ['light', 'sun'],
  ['dark', 'moon'],
];

const iconOf = () => icon(THEMES.find(([choice]) => choice === theme.value)?.[1] ?? 'screen');

/** @param {{ up?: boolean, wide?: boolean }} props `up`: the panel stands above the button; `wide`: the button says the choice */
export const ThemeMenu = ({ up = false, wide = false }) => html`<${Menu} up=${up}
  label=${wide ? t('command.theme', { theme: t(`theme.${theme.value}`) }) : t('theme.label')}
  buttonClass=${wide ? 'btn ghost' : 'btn ghost icon-only'}>${{
  button: () => [iconOf(), wide && t(`theme.${theme.value}`)],
  default: (/** @type {{ close: () => void }} */ { close }) => THEMES.map(([choice, name]) => {
    const choose = () => {
      setTheme(choice);
      close();
    };
    return html`<button type="button" key=${choice} aria-pressed=${String(theme.value === choice)}
      onClick=${choose}>${icon(name)}${t(`theme.${choice}`)}</button>`;
  }),
}}<//>`;
ThemeMenu.props = ['up', 'wide'];
