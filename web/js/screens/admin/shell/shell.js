import { computed, nextTick, onMounted, onUnmounted, ref, watch } from '../../../core/vue.js';
import { watchHealth } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { useShortcuts } from '../../../core/keys.js';
import { followChanges } from '../../../core/live.js';
import { go, route, setQuery } from '../../../core/router.js';
import { may } from '../../../core/session.js';
import { Toasts } from '../../../ui/toast.js';
import { DemoBanner } from '../../account/banners.js';
import { ROUTES, pathOfScreen } from '../routes.js';
import { ConnectionBanner } from './connection-state.js';
import { ImportOverlay } from './import-overlay.js';
import { KeyList, showKeyList } from './key-list.js';
import { useLinkedPart } from './linked-part.js';
import { ADDABLE, GO_KEYS, maySee, visibleLinks } from './navigation.js';
import { Palette, openPalette, togglePalette } from './palette.js';
import { ScreenHost } from './screen-host.js';
import { Sidebar } from './sidebar.js';
import { TopBar } from './top-bar.js';

/** Frame of every screen: navigation, search, connection, person, and the screen itself. */
export const Shell = {
  setup() {
    const menuOpen = ref(false);
    const path = computed(() => pathOfScreen(route.value.path));

    useShortcuts('keys.page', [
      { keys: '/', text: 'keys.search', run: openPalette },
      { keys: 'n', text: 'keys.new', run: () => addable(path.value) && setQuery({ id: 'new' }) },
      { keys: '?', text: 'keys.list', run: showKeyList },
    ]);
    useShortcuts('keys.go', goKeys());
    watchGlobalKeys(menuOpen);
    useMenu(menuOpen, path);
    useTitle(path);
    useLinkedPart();

    return () => html`<div class="shell">
      <a class="skip" href="#main">${t('nav.skip')}</a>
      <${DemoBanner} />
      <${Sidebar} open=${menuOpen.value} onClose=${() => (menuOpen.value = false)} />
      ${menuOpen.value && html`<div class="scrim" onClick=${() => (menuOpen.value = false)}></div>`}
      <${TopBar} menuOpen=${menuOpen.value} onMenu=${() => (menuOpen.value = true)} />
      <${ConnectionBanner} />
      <main class="main" id="main" tabindex="-1" inert=${menuOpen.value}><${ScreenHost} /></main>
      <${ImportOverlay} />
      <${Palette} />
      <${KeyList} />
      <${Toasts} />
    </div>`;
  },
};

/** True where `?id=new` opens a form. */
const addable = (path) => ADDABLE.some((one) => one.path === path && may(one.action));

/** `g` and a letter for each screen of the navigation. */
function goKeys() {
  const links = visibleLinks().filter(({ to }) => GO_KEYS[to]);
  const profile = { to: '/admin/profile', text: 'account.profile' };
  return [...links, profile].map(({ to, text }) => ({ keys: `g ${GO_KEYS[to]}`, text, run: () => maySee(to) && go(to) }));
}

/** What has to work wherever the keyboard is. */
function watchGlobalKeys(menuOpen) {
  let stopWatching = () => {};
  let stopFollowing = () => {};
  const press = (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      togglePalette();
    } else if (event.key === 'Escape') menuOpen.value = false;
  };
  onMounted(() => {
    stopWatching = watchHealth();
    stopFollowing = followChanges();
    document.addEventListener('keydown', press);
  });
  onUnmounted(() => {
    stopWatching();
    stopFollowing();
    document.removeEventListener('keydown', press);
  });
}

/** The drawer of a phone lies before its button, so the keyboard would not find it by itself, nor back. */
function useMenu(menuOpen, path) {
  watch(menuOpen, async (open) => {
    await nextTick();
    const side = document.querySelector('#side');
    if (open) side.querySelector('.nav a').focus();
    else if (side.contains(document.activeElement) || document.activeElement === document.body) document.querySelector('.top .mob').focus();
  });
  watch(path, () => (menuOpen.value = false));
  // A turned phone or a wider window shows the navigation beside the page again.
  const wide = matchMedia('(width >= 56rem)');
  const close = () => (menuOpen.value = false);
  onMounted(() => wide.addEventListener('change', close));
  onUnmounted(() => wide.removeEventListener('change', close));
}

/** The window's title follows the screen and the language; the keyboard and the screen reader start at a new screen's beginning. */
function useTitle(path) {
  const title = () => {
    const key = !ROUTES[path.value] ? 'missing.title' : maySee(path.value) ? ROUTES[path.value].title : 'refused.title';
    return `${t(key)} · ${t('app.name')}`;
  };
  watch(title, (text) => (document.title = text), { immediate: true });
  watch(() => route.value.path, async () => {
    await nextTick();
    const main = document.querySelector('#main');
    main?.scrollTo(0, 0);
    // A dialog that the new screen has opened keeps the keyboard.
    if (!document.querySelector('dialog:modal')) main?.focus();
  });
}
