// @ts-check
// All the script there is on the public pages. Without it they read and register just as well.

/** Also when nobody says that something has changed. */
const EVERY_MS = 30_000;
/** Between two readings, so that a stadium full of phones stays within what an address may ask; no reading takes longer. */
const PAUSE_MS = 10_000;

const news = document.getElementById('news');
let tag = '';
let newsAt = new Date();
let busy = false;
let askedAt = 0;
let due = 0;
/** @type {EventSource | undefined} */
let live;

const clock = () => newsAt.toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' });

/** Says how old the page is; only when that changed, as a screen reader reads it out. */
function tell(/** @type {'freshText' | 'staleText'} */ kind) {
  const text = (news?.dataset[kind] ?? '').replace('{time}', clock());
  if (news && news.textContent !== text && (kind === 'staleText' || news.textContent)) news.textContent = text;
  news?.classList.toggle('stale', kind === 'staleText');
}

/** Puts the page's own part in place of the old one, and the keyboard where it was. */
function show(/** @type {Document} */ page) {
  const [old, fresh] = [document.querySelector('main'), page.querySelector('main[data-fresh]')];
  if (!old || !fresh || old.isEqualNode(fresh)) return;
  const active = old.contains(document.activeElement) ? document.activeElement?.getAttribute('href') : null;
  old.replaceChildren(...fresh.childNodes);
  const same = active && old.querySelector(`a[href="${CSS.escape(active)}"]`);
  if (same instanceof HTMLElement) same.focus({ preventScroll: true });
}

/** Reads this page again. A document parsed by the browser itself needs no policy for texts that become code. */
function refresh() {
  clearTimeout(due);
  due = 0;
  if (document.hidden || busy || document.querySelector('main :is(input, select):focus')) return;
  busy = true;
  askedAt = Date.now();
  const request = new XMLHttpRequest();
  request.open('GET', location.href);
  request.responseType = 'document';
  request.timeout = PAUSE_MS;
  request.onloadend = () => {
    busy = false;
    const ok = request.status === 200;
    if (ok) newsAt = new Date();
    const newTag = request.getResponseHeader('ETag') ?? '';
    if (ok && request.responseXML && newTag !== tag) show(request.responseXML);
    if (ok) tag = newTag;
    tell(ok ? 'freshText' : 'staleText');
  };
  request.send();
}

/** Something has changed: it is read as soon as it may be, by a crowd not at the same instant. */
function soon() {
  const pause = Math.max(0, askedAt + PAUSE_MS - Date.now());
  due ||= setTimeout(refresh, pause + 2_000 * Math.random());
}

/** Hears of changes while the page is seen. A browser has few connections to a server, and each of these keeps one. */
function follow() {
  live?.close();
  if (document.hidden) return;
  live = new EventSource('/api/live');
  live.onmessage = soon;
  live.addEventListener('reset', soon);
}

if (document.querySelector('main[data-fresh]')) {
  follow();
  setInterval(refresh, EVERY_MS);
  document.addEventListener('visibilitychange', () => {
    follow();
    refresh();
  });
  addEventListener('online', refresh);
}

const root = document.documentElement;
for (const button of document.querySelectorAll('[data-theme-switch]')) {
  button.removeAttribute('hidden');
  button.addEventListener('click', () => {
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    try {
      localStorage.setItem('theme', root.dataset.theme);
    } catch {
      // Without storage the choice lasts until the page is closed.
    }
  });
}
for (const button of document.querySelectorAll('[data-print]')) {
  button.removeAttribute('hidden');
  button.addEventListener('click', () => print());
}
