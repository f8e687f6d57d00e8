import { computed, nextTick, onBeforeUnmount, onMounted, ref, watch } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { perform } from './palette-entries.js';
import { useGroups } from './palette-groups.js';
import { prepareHelp } from './palette-help.js';
import { PaletteLine } from './palette-line.js';
import { useSearch } from './palette-search.js';
import { loadRecent, rememberChoice } from './recent.js';

/** So far leads a press of PageUp or PageDown. */
const PAGE = 8;

const shown = ref(false);

/** Another dialog keeps the page to itself. */
export function openPalette() {
  if (document.querySelector('dialog:modal')) return;
  loadRecent();
  void prepareHelp();
  shown.value = true;
}

export function togglePalette() {
  if (shown.value) shown.value = false;
  else openPalette();
}

/** One field for everything: rows on the server, screens, commands, help. */
export const Palette = () => shown.value && html`<${PaletteDialog} />`;

const PaletteDialog = {
  setup() {
    const element = ref(null);
    const text = ref('');
    const at = ref(0);
    const wanted = computed(() => text.value.trim());
    const { hits, error, busy, search, settled } = useSearch();
    const groups = useGroups(wanted, hits);
    const entries = computed(() => groups.value.flatMap((group) => group.entries));

    onMounted(() => {
      element.value.showModal();
      element.value.querySelector('input').focus();
    });
    onBeforeUnmount(() => {
      search('');
      element.value?.close();
    });
    watch(entries, () => (at.value = Math.max(0, Math.min(at.value, entries.value.length - 1))));

    const close = () => (shown.value = false);
    const cancel = (event) => {
      event.preventDefault();
      close();
    };
    const press = (event) => event.target === element.value && close();
    const type = (event) => {
      text.value = event.target.value;
      at.value = 0;
      search(wanted.value);
    };
    const choose = (entry) => {
      if (!entry) return;
      close();
      if (entry.to && entry.to !== '/') rememberChoice(entry);
      // The dialog first gives the keyboard back to where it was; a new dialog then takes it from there.
      void nextTick(() => perform(entry));
    };
    /** Enter after the last letter means what is found for all letters, which may be on its way. */
    const enter = async () => {
      if (busy.value) await settled();
      await nextTick();
      choose(entries.value[at.value]);
    };
    const move = async (to) => {
      at.value = (to + entries.value.length) % Math.max(1, entries.value.length);
      await nextTick();
      element.value?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
    };
    const KEYS = {
      ArrowDown: () => move(at.value + 1),
      ArrowUp: () => move(at.value - 1),
      PageDown: () => move(Math.min(at.value + PAGE, entries.value.length - 1)),
      PageUp: () => move(Math.max(at.value - PAGE, 0)),
      Enter: enter,
    };
    const key = (event) => {
      if (event.isComposing || !KEYS[event.key]) return;
      event.preventDefault();
      void KEYS[event.key]();
    };

    const field = () => html`<div class="palette-field">
      ${icon('search')}
      <input type="text" role="combobox" aria-autocomplete="list" aria-controls="palette-list" aria-label=${t('palette.label')}
        aria-expanded=${String(entries.value.length > 0)} aria-activedescendant=${entries.value.length ? `palette-${at.value}` : null}
        placeholder=${t('palette.placeholder')} value=${text.value} autocomplete="off" autocapitalize="off" spellcheck="false"
        enterkeyhint="go" onInput=${type} onKeydown=${key} />
      <button type="button" class="btn ghost" onClick=${close}>
        <kbd class="desk">Esc</kbd><span class="mob">${t('common.cancel')}</span></button>
    </div>`;
    const note = () => {
      if (error.value) return html`<p class="palette-note" role="alert">${icon('alert')}${t('palette.failed')}</p>`;
      const isEmpty = wanted.value && !entries.value.length && !busy.value;
      return isEmpty && html`<p class="palette-note">${t('palette.none', { text: wanted.value })}</p>`;
    };
    const line = (entry, number) => html`<${PaletteLine} key=${entry.id} entry=${entry} number=${number} selected=${number === at.value}
      text=${wanted.value} onPoint=${() => (at.value = number)} onChoose=${() => choose(entry)} />`;
    const group = ({ title, entries: lines }) => html`<div key=${title} role="group" aria-label=${t(title)}>
      <div class="palette-title" aria-hidden="true">${t(title)}</div>
      ${lines.map((entry) => line(entry, entries.value.indexOf(entry)))}
    </div>`;

    return () => html`<dialog ref=${element} class="palette" aria-label=${t('palette.label')} onCancel=${cancel} onClose=${close}
      onMousedown=${press}>
      ${field()}
      ${note()}
      <div class="palette-list" id="palette-list" role="listbox" hidden=${!entries.value.length} aria-label=${t('palette.label')}
        aria-busy=${String(busy.value)}>${groups.value.map(group)}</div>
      <p class="sr" role="status">${wanted.value && !busy.value ? t('palette.count', { n: entries.value.length }) : ''}</p>
    </dialog>`;
  },
};
