import { computed, nextTick, onMounted, onUnmounted, ref, watch } from '../../core/vue.js';
import { dashboard, watchHealth } from '../../core/dashboard.js';
import { fmtNumber } from '../../core/format.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { go, route } from '../../core/router.js';
import { info } from '../../core/server-info.js';
import { session, signOut } from '../../core/session.js';
import { Brand } from '../../ui/brand.js';
import { icon } from '../../ui/icon.js';
import { Menu } from '../../ui/menu.js';
import { ThemeMenu } from '../../ui/theme-menu.js';
import { Toasts } from '../../ui/toast.js';
import { DemoBanner } from '../account/banners.js';
import { AthletesScreen } from './athletes.js';
import { ImportDialog } from './import/dialog.js';
import { OverviewScreen } from './overview.js';
import { RacesScreen } from './races.js';

const SCREENS = {
  '/admin': { screen: OverviewScreen, title: 'overview.title' },
  '/admin/athletes': { screen: AthletesScreen, title: 'athletes.title' },
  '/admin/races': { screen: RacesScreen, title: 'races.title' },
};

const ALIASES = { '/admin-pro': '/admin', '/admin-pro.html': '/admin', '/setup': '/admin' };

const NAV = [
  {
    group: 'nav.meet',
    links: [
      { to: '/admin', icon: 'home', text: 'nav.overview' },
      { to: '/admin/athletes', icon: 'people', text: 'nav.athletes', count: 'athletes' },
      { to: '/admin/races', icon: 'calendar', text: 'nav.races', count: 'races' },
    ],
  },
  { group: 'nav.spectators', links: [{ to: '/', icon: 'globe', text: 'nav.public' }] },
];

const currentPath = () => ALIASES[route.value.path] ?? route.value.path;

/** Frame of every screen: navigation, search, connection, theme, person. */
export const Shell = {
  setup() {
    const menuOpen = ref(false);
    const search = ref(null);
    const page = computed(() => SCREENS[currentPath()]);
    let stopWatching = () => {};

    const keys = (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        search.value?.focus();
      } else if (event.key === 'Escape' && menuOpen.value) {
        menuOpen.value = false;
        document.querySelector('.top .mob')?.focus();
      }
    };
    /** The drawer of a phone lies before its button, so the keyboard would not find it by itself. */
    const toggleMenu = async () => {
      menuOpen.value = !menuOpen.value;
      await nextTick();
      if (menuOpen.value) document.querySelector('#side .nav a')?.focus();
    };
    onMounted(() => {
      stopWatching = watchHealth();
      document.addEventListener('keydown', keys);
    });
    onUnmounted(() => {
      stopWatching();
      document.removeEventListener('keydown', keys);
    });

    const titleText = () => `${page.value ? t(page.value.title) : t('missing.title')} · ${t('app.name')}`;
    watch(() => route.value.path, async (_, before) => {
      document.title = titleText();
      menuOpen.value = false;
      await nextTick();
      // After a change of screen the keyboard and the screen reader start at its heading.
      if (before !== undefined) document.querySelector('#main')?.focus();
    }, { immediate: true });

    const find = (event) => {
      event.preventDefault();
      go(`/admin/athletes?q=${encodeURIComponent(search.value.value.trim())}`);
      search.value.value = '';
    };

    return () => html`<div class="shell">
      <a class="skip" href="#main">${t('nav.skip')}</a>
      <${DemoBanner} />
      <nav class=${['side', menuOpen.value && 'open']} aria-label=${t('nav.label')} id="side">
        <a href="/admin" aria-label=${t('nav.home')}><${Brand} /></a>
        <div class="nav">${NAV.map(navGroup)}</div>
        <div class="side-foot">${t('nav.server')}<b>${location.host}</b>
          ${info.value?.version && t('nav.version', { version: info.value.version })}
          <a class="link" href="/api/docs">${t('docs.link')}</a></div>
      </nav>
      ${menuOpen.value && html`<div class="scrim" onClick=${() => (menuOpen.value = false)}></div>`}
      <header class="top">
        <button type="button" class="btn ghost icon-only mob" aria-label=${t('nav.menu')} aria-expanded=${String(menuOpen.value)}
          aria-controls="side" onClick=${toggleMenu}>${icon('menu')}</button>
        <form class="searchbox" role="search" onSubmit=${find}>
          ${icon('search')}
          <input ref=${search} type="search" aria-label=${t('nav.search')} placeholder=${t('nav.search')} autocomplete="off" />
          <kbd class="desk" aria-hidden="true">${t('nav.searchKey')}</kbd>
        </form>
        <span class="grow"></span>
        <${Connection} />
        <${ThemeMenu} />
        <${Person} />
      </header>
      <main class="main" id="main" tabindex="-1">
        ${page.value ? html`<${page.value.screen} key=${currentPath()} />` : html`<${MissingScreen} />`}
      </main>
      ${dashboard.showImportModal && html`<${ImportDialog} />`}
      <${Toasts} />
    </div>`;
  },
};

const navGroup = ({ group, links }) => html`<h2>${t(group)}</h2>
  <ul>${links.map(({ to, icon: name, text, count }) => html`<li key=${to}>
    <a href=${to} aria-current=${currentPath() === to ? 'page' : null}>${icon(name)}${t(text)}
      ${count && dashboard.lastCounts && html`<span class="count">
        ${fmtNumber(dashboard.lastCounts.counts[count] ?? 0)}</span>`}</a>
  </li>`)}</ul>`;

/** Whether the server answers. Nothing is claimed before its first answer. */
const Connection = () => {
  const status = dashboard.databaseHealth?.status;
  const state = !status ? 'unknown' : status === 'unreachable' ? 'off' : 'ok';
  return html`<span class="conn" data-state=${state} role="status">${t(`connection.${state}`)}</span>`;
};

const Person = () => {
  const { name = '', email = '', role = '' } = session.user ?? {};
  const initials = name.split(/\s+/).map((word) => word[0]).filter(Boolean);
  const short = [initials[0], initials.length > 1 ? initials.at(-1) : ''].join('').toUpperCase();
  return html`<${Menu} label=${t('account.label', { name })} buttonClass="avatar">${{
    button: () => short,
    default: () => [
      html`<div class="menu-head"><b>${name}</b><span>${email}</span><span class="badge">${t(`role.${role}`)}</span></div>`,
      html`<button type="button" onClick=${signOut}>${icon('out')}${t('account.signOut')}</button>`,
    ],
  }}<//>`;
};

const MissingScreen = () => html`<div class="page">
  <div class="page-head"><div><h1>${t('missing.title')}</h1><p>${t('missing.text')}</p></div></div>
  <a class="btn start" href="/admin">${t('missing.back')}</a>
</div>`;
