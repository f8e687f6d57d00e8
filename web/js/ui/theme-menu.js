// @ts-check
import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { setTheme, theme } from '../core/theme.js';
import { icon } from './icon.js';
import { Menu } from './menu.js';

/** @type {[import('../core/theme.js').Theme, string][]} */
const CHOICES = [
  ['system', 'screen'],
  ['light', 'sun'],
  ['dark', 'moon'],
];

const iconOf = () => icon(CHOICES.find(([choice]) => choice === theme.value)?.[1] ?? 'screen');

export const ThemeMenu = () => html`<${Menu} label=${t('theme.label')} buttonClass="btn ghost icon-only">${{
  button: iconOf,
  default: (/** @type {{ close: () => void }} */ { close }) => CHOICES.map(([choice, name]) => {
    const choose = () => {
      setTheme(choice);
      close();
    };
    return html`<button type="button" key=${choice} aria-pressed=${String(theme.value === choice)}
      onClick=${choose}>${icon(name)}${t(`theme.${choice}`)}</button>`;
  }),
}}<//>`;
