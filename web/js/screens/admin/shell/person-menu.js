import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { session, signOut } from '../../../core/session.js';
import { icon } from '../../../ui/icon.js';
import { Menu } from '../../../ui/menu.js';
import { showKeyList } from './key-list.js';
import { forgetRecent } from './recent.js';

/** Nobody who comes after finds whom one has looked up. */
export function leave() {
  forgetRecent();
  return signOut();
}

/** Who is signed in, and what belongs to them. */
export const PersonMenu = () => {
  const { name = '', email = '', role = '' } = session.user ?? {};
  return html`<${Menu} label=${t('account.label', { name })} buttonClass="avatar">${{
    // Drawn by the styles: the button's name says who it is, and letters are no words of it.
    button: () => html`<span data-initials=${initials(name)}></span>`,
    default: ({ close }) => [
      html`<div class="menu-head"><b>${name}</b><span>${email}</span><span class="badge info">${t(`role.${role}`)}</span></div>`,
      html`<a href="/admin/profile" onClick=${close}>${icon('person')}${t('account.profile')}</a>`,
      html`<a href="/admin/profile?part=own-sessions" onClick=${close}>${icon('screen')}${t('account.sessions')}</a>`,
      html`<button type="button" class="desk" onClick=${() => [close(), showKeyList()]}>${icon('keyboard')}${t('keys.title')}</button>`,
      html`<hr />`,
      html`<button type="button" onClick=${leave}>${icon('out')}${t('account.signOut')}</button>`,
    ],
  }}<//>`;
};

/** The first letters of the first and the last name. */
function initials(name) {
  const letters = name.split(/\s+/).map((word) => word[0]).filter(Boolean);
  return [letters[0], letters.length > 1 ? letters.at(-1) : ''].join('').toUpperCase();
}
