import { nextTick, onMounted, ref } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { chooseMeet, loadMeets, meets } from '../../../core/meet.js';
import { may } from '../../../core/session.js';
import { icon } from '../../../ui/icon.js';
import { MeetRow } from './meet-row.js';
import { useMeetSearch } from './meet-search.js';

/** From so many on there is a field to search in. */
const SEARCHED_FROM = 8;

/** The races to choose from. Emits `close` when one is chosen or none is wanted. */
export const MeetPanel = {
  props: { top: Number },
  emits: ['close'],
  setup(props, { emit }) {
    const root = ref(null);
    const { letters, wanted, rows, error, search } = useMeetSearch();

    const parts = () => [...root.value.querySelectorAll('input, button, a')];
    onMounted(async () => {
      if (meets.error) void loadMeets();
      await nextTick();
      const all = parts();
      const chosen = all.find((part) => part.getAttribute('aria-pressed') === 'true');
      (all.find((part) => part.tagName === 'INPUT') ?? chosen ?? all[0])?.focus();
    });

    const choose = (row) => {
      chooseMeet(row);
      emit('close');
    };
    const key = (event) => {
      const all = parts();
      const at = all.indexOf(document.activeElement);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === 'Escape') {
        event.stopPropagation();
        emit('close');
      } else if (step) {
        event.preventDefault();
        all[(at + step + all.length) % all.length]?.focus();
      } else if (event.key === 'Enter' && all[at]?.tagName === 'INPUT' && wanted.value && rows.value.length) {
        choose(rows.value[0]);
      }
    };

    const field = () => html`<div class="meet-search">
      ${icon('search')}
      <input type="search" value=${letters.value} aria-label=${t('meet.search')} placeholder=${t('meet.search')} autocomplete="off"
        onInput=${(event) => search(event.target.value)} />
    </div>`;
    const place = () => ({ insetBlockStart: `${props.top}px`, maxBlockSize: `calc(100dvh - ${props.top + 12}px)` });

    return () => html`<div class="meet-panel" ref=${root} style=${place()} onKeydown=${key}>
      ${meets.total >= SEARCHED_FROM && field()}
      <ul>
        ${!wanted.value && html`<${MeetRow} key="all" row=${null} onChoose=${() => choose(null)} />`}
        ${rows.value.map((row) => html`<${MeetRow} key=${row.id} row=${row} onChoose=${() => choose(row)} />`)}
      </ul>
      <${MeetNote} failed=${error.value ?? meets.error} searching=${wanted.value !== ''} shown=${rows.value.length} onClose=${() => emit('close')} />
    </div>`;
  },
};

/** What there is to say below the list. */
const MeetNote = ({ failed, searching, shown }, { emit }) => {
  if (failed) {
    return html`<p class="menu-note" role="alert">${t('meet.failed')}
      <button type="button" class="btn" onClick=${loadMeets}>${t('common.retry')}</button></p>`;
  }
  if (!meets.rows) return html`<p class="menu-note"><span class="skeleton"></span></p>`;
  if (searching) return shown ? null : html`<p class="menu-note" role="status">${t('meet.noneFound')}</p>`;
  const unlisted = meets.total - meets.rows.length;
  if (unlisted) return html`<p class="menu-note">${t('meet.more', { n: unlisted })}</p>`;
  if (meets.total) return null;
  return html`<p class="menu-note">${t('meet.none')}
    ${may('races.write') && html`<a class="link" href="/admin/races?id=new" onClick=${() => emit('close')}>${t('meet.add')}</a>`}</p>`;
};
MeetNote.props = ['failed', 'searching', 'shown'];
MeetNote.emits = ['close'];
