import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { LanguageMenu } from '../../../ui/language-menu.js';
import { ThemeMenu } from '../../../ui/theme-menu.js';
import { ConnectionState } from './connection-state.js';
import { searchKey } from './key-list.js';
import { openPalette } from './palette.js';
import { PersonMenu } from './person-menu.js';

/** The search, how the server is, and what belongs to the person. */
export const TopBar = ({ menuOpen }, { emit }) => html`<header class="top" inert=${menuOpen}>
  <button type="button" class="btn ghost icon-only mob" aria-label=${t('nav.menu')} aria-expanded=${String(menuOpen)}
    aria-controls="side" onClick=${() => emit('menu')}>${icon('menu')}</button>
  <button type="button" class="searchbox" aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K" onClick=${openPalette}>
    ${icon('search')}<span class="grow">${t('nav.search')}</span><kbd class="desk" aria-hidden="true">${searchKey()}</kbd>
  </button>
  <span class="grow desk"></span>
  <${ConnectionState} />
  <span class="desk cluster"><${LanguageMenu} /><${ThemeMenu} /></span>
  <${PersonMenu} />
</header>`;
TopBar.props = ['menuOpen'];
TopBar.emits = ['menu'];
