import { computed, nextTick, onMounted, onUnmounted, ref, shallowRef, watch } from '../../../core/vue.js';
import { dashboard } from '../../../core/dashboard.js';
import { fmtDay } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { chooseMeet, chosenMeet, findMeets, loadMeets, meet, meets } from '../../../core/meet.js';
import { may } from '../../../core/session.js';
import { icon } from '../../../ui/icon.js';

/** From so many on there is a field to search in. */
const SEARCHED_FROM = 8;

/** How far a race is, as the colour of a dot; its word stands beside it. */
const DOTS = { scheduled: 'off', ongoing: 'live', completed: '', cancelled: 'bad' };

/** Which race the screens are about, or all of them. */
export const MeetSwitch = {
  setup() {
    const open = ref(false);
    const root = ref(null);
    const place = ref({});
    const letters = ref('');
    const found = shallowRef(null);
    const failed = shallowRef(null);
    let controller = new AbortController();

    watch(() => dashboard.revision, loadMeets, { immediate: true });

    const parts = () => [...(root.value?.querySelectorAll('.meet-panel :is(input, button, a)') ?? [])];
    const hasSearch = computed(() => meets.total >= SEARCHED_FROM);
    const rows = computed(() => {
      const wanted = letters.value.trim().toLowerCase();
      if (!wanted) return meets.rows ?? [];
      // With all of them at hand there is nothing to ask the server.
      if (meets.rows?.length === meets.total) return meets.rows.filter((row) => `${row.name} ${row.location} ${row.date}`.toLowerCase().includes(wanted));
      return found.value ?? [];
    });

    const show = async () => {
      const box = root.value.querySelector('button').getBoundingClientRect();
      place.value = { insetBlockStart: `${box.bottom + 4}px`, maxBlockSize: `calc(100dvh - ${Math.round(box.bottom) + 16}px)` };
      letters.value = '';
      open.value = true;
      if (meets.error) void loadMeets();
      await nextTick();
      const all = parts();
      (all.find((part) => part.tagName === 'INPUT') ?? all.find((part) => part.getAttribute('aria-pressed') === 'true') ?? all[0])?.focus();
    };
    const hide = () => {
      if (open.value && root.value?.querySelector('.meet-panel')?.contains(document.activeElement)) root.value.querySelector('button').focus();
      open.value = false;
    };
    const choose = (row) => {
      chooseMeet(row);
      hide();
    };

    const type = async (event) => {
      letters.value = event.target.value;
      controller.abort();
      if (!letters.value.trim() || meets.rows?.length === meets.total) return;
      controller = new AbortController();
      failed.value = null;
      try {
        found.value = (await findMeets(letters.value.trim(), controller.signal)) ?? found.value;
      } catch (error) {
        failed.value = error;
      }
    };
    const key = (event) => {
      if (!open.value) return;
      const all = parts();
      const at = all.indexOf(document.activeElement);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === 'Escape') {
        event.stopPropagation();
        hide();
      } else if (step) {
        event.preventDefault();
        all[(at + step + all.length) % all.length]?.focus();
      } else if (event.key === 'Enter' && all[at]?.tagName === 'INPUT' && letters.value.trim() && rows.value.length) {
        choose(rows.value[0]);
      }
    };
    const outside = (event) => {
      if (!root.value?.contains(event.target)) open.value = false;
    };
    onMounted(() => ['pointerdown', 'focusin'].forEach((name) => document.addEventListener(name, outside)));
    onUnmounted(() => ['pointerdown', 'focusin'].forEach((name) => document.removeEventListener(name, outside)));

    const option = (row) => html`<li key=${row.id}><button type="button" aria-pressed=${String(row.id === meet.id)} onClick=${() => choose(row)}>
      <span class=${['dot', DOTS[row.status]]} aria-hidden="true"></span>
      <span class="grow"><b>${row.name}</b><small>${about(row)}</small></span>
      ${row.id === meet.id && icon('check')}
    </button></li>`;

    const panel = () => html`<div class="meet-panel" style=${place.value}>
      ${hasSearch.value && html`<div class="meet-search">${icon('search')}
        <input type="search" value=${letters.value} aria-label=${t('meet.search')} placeholder=${t('meet.search')} autocomplete="off"
          onInput=${type} /></div>`}
      <ul>
        ${!letters.value.trim() && html`<li key="all"><button type="button" aria-pressed=${String(meet.id === null)} onClick=${() => choose(null)}>
          ${icon('list')}<span class="grow"><b>${t('meet.all')}</b></span>${meet.id === null && icon('check')}</button></li>`}
        ${rows.value.map(option)}
      </ul>
      ${note()}
    </div>`;
    const note = () => {
      if (failed.value ?? meets.error) {
        return html`<p class="menu-note" role="alert">${t('meet.failed')}
          <button type="button" class="btn" onClick=${loadMeets}>${t('common.retry')}</button></p>`;
      }
      if (!meets.rows) return html`<p class="menu-note"><span class="skeleton"></span></p>`;
      if (letters.value.trim()) return rows.value.length ? null : html`<p class="menu-note" role="status">${t('meet.noneFound')}</p>`;
      if (meets.total > meets.rows.length) return html`<p class="menu-note">${t('meet.more', { n: meets.total - meets.rows.length })}</p>`;
      if (meets.total) return null;
      return html`<p class="menu-note">${t('meet.none')}
        ${may('races.write') && html`<a class="link" href="/admin/races?id=new" onClick=${hide}>${t('meet.add')}</a>`}</p>`;
    };

    return () => html`<div class="meet" ref=${root} onKeydown=${key}>
      <button type="button" class="meet-button" aria-expanded=${String(open.value)} onClick=${() => (open.value ? hide() : show())}>
        <span class="grow"><span class="sr">${t('meet.label')}</span>${present()}</span>${icon('chevron')}
      </button>
      ${open.value && panel()}
    </div>`;
  },
};

/** What the button shows. Of a chosen race that is still on its way nothing is claimed. */
function present() {
  const chosen = chosenMeet.value;
  if (meet.id === null) {
    return [html`<b>${t('meet.all')}</b>`, html`<small>${meets.rows ? t('meet.count', { n: meets.total }) : '\u00A0'}</small>`];
  }
  if (!chosen) return [html`<b><span class="skeleton"></span></b>`, html`<small>\u00A0</small>`];
  return [html`<b>${chosen.name}</b>`,
    html`<small><span class=${['dot', DOTS[chosen.status]]} aria-hidden="true"></span>${about(chosen)}</small>`];
}

const about = (row) => `${fmtDay(row.date)} · ${t(`raceStatus.${row.status}`)}`;
