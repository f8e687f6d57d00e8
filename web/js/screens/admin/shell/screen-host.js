import { computed, onErrorCaptured, ref, shallowReactive, watch } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { locale, t } from '../../../core/i18n.js';
import { route } from '../../../core/router.js';
import { rolesFor } from '../../../core/session.js';
import { Empty } from '../../../ui/empty.js';
import { Notice } from '../../../ui/notice.js';
import { ROUTES, pathOfScreen } from '../routes.js';
import { maySee } from './navigation.js';

/** What has come of each screen's code: `Screen` when it is there, or `error`, and how often that happened. */
const loaded = shallowReactive({});

/** Loads a screen's code before it is needed, so that it is there at once when it is. */
export function prepareScreen(path) {
  if (!loaded[path] && ROUTES[path] && maySee(path)) void load(path);
}

async function load(path) {
  const failures = loaded[path]?.failures ?? 0;
  loaded[path] = { failures };
  try {
    const { Screen } = await ROUTES[path].load();
    loaded[path] = { Screen, failures: 0 };
  } catch (error) {
    console.warn(error);
    loaded[path] = { error, failures: failures + 1 };
  }
}

/** Vue's names for a fault while a component is made or drawn; those in what a press does leave the screen as it is. */
const IN_DRAWING = /-[01]$|^(setup|render) function$/;

/** The screen of the present address, or the words that stand in its place. */
export const ScreenHost = {
  setup() {
    const path = computed(() => pathOfScreen(route.value.path));
    const isBroken = ref(false);
    onErrorCaptured((error, _, where) => {
      if (!IN_DRAWING.test(where)) return true;
      console.error(error);
      isBroken.value = true;
      return false;
    });
    watch(path, (now) => {
      isBroken.value = false;
      // What could not be loaded a while ago is tried anew.
      if (ROUTES[now] && maySee(now) && !loaded[now]?.Screen) void load(now);
    }, { immediate: true });

    return () => {
      if (!ROUTES[path.value]) return html`<${MissingScreen} />`;
      if (!maySee(path.value)) return html`<${RefusedScreen} action=${ROUTES[path.value].action} />`;
      const { Screen, error, failures } = loaded[path.value] ?? {};
      if (isBroken.value) return html`<${BrokenScreen} title=${t(ROUTES[path.value].title)} onRetry=${() => (isBroken.value = false)} />`;
      if (Screen) return html`<${Screen} key=${path.value} />`;
      if (error) return html`<${FailedScreen} title=${t(ROUTES[path.value].title)} again=${failures > 1} onRetry=${() => load(path.value)} />`;
      return html`<${WaitingScreen} title=${t(ROUTES[path.value].title)} />`;
    };
  },
};

/** The heading is known; what belongs below it is on its way. */
const WaitingScreen = ({ title }) => html`<div class="page waiting" aria-busy="true">
  <div class="page-head"><h1>${title}</h1></div>
  <div class="panel"><div class="body stack"><div class="skeleton"></div><div class="skeleton tall"></div></div></div>
</div>`;
WaitingScreen.props = ['title'];

/** Some browsers never ask again for code that failed to come, so after a second failure only a reload is left. */
const FailedScreen = ({ title, again }, { emit }) => html`<div class="page">
  <div class="page-head"><h1>${title}</h1></div>
  <${Notice} tone="bad" alert title=${t('screen.failed')} text=${t('screen.failedText')}>
    <button type="button" class="btn" onClick=${() => emit('retry')}>${t('common.retry')}</button>
    ${again && html`<button type="button" class="btn" onClick=${() => location.reload()}>${t('screen.reload')}</button>`}
  <//>
</div>`;
FailedScreen.props = ['title', 'again'];
FailedScreen.emits = ['retry'];

/** A fault of ours in drawing the screen. */
const BrokenScreen = ({ title }, { emit }) => html`<div class="page">
  <div class="page-head"><h1>${title}</h1></div>
  <${Notice} tone="bad" alert title=${t('screen.broken')} text=${t('screen.brokenText')}>
    <button type="button" class="btn" onClick=${() => emit('retry')}>${t('common.retry')}</button>
    <button type="button" class="btn" onClick=${() => location.reload()}>${t('screen.reload')}</button>
  <//>
</div>`;
BrokenScreen.props = ['title'];
BrokenScreen.emits = ['retry'];

const RefusedScreen = ({ action }) => {
  const roles = rolesFor(action).map((role) => t(`role.${role}`));
  const list = new Intl.ListFormat(locale(), { type: 'disjunction' }).format(roles);
  return html`<div class="page">
    <div class="page-head"><h1>${t('refused.title')}</h1></div>
    <div class="panel"><${Empty} title=${t('refused.who', { roles: list })} text=${t('refused.text')}>
      <a class="btn primary" href="/admin">${t('missing.back')}</a><//></div>
  </div>`;
};
RefusedScreen.props = ['action'];

const MissingScreen = () => html`<div class="page">
  <div class="page-head"><div><h1>${t('missing.title')}</h1><p>${t('missing.text')}</p></div></div>
  <a class="btn start" href="/admin">${t('missing.back')}</a>
</div>`;
