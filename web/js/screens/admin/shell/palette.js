import { computed, nextTick, onBeforeUnmount, onMounted, ref, watch } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { commandEntries, hitGroups, matching, perform, screenEntries } from './palette-entries.js';
import { helpEntries, prepareHelp } from './palette-help.js';
import { PaletteLine } from './palette-line.js';
import { useSearch } from './palette-search.js';
import { loadRecent, recent, rememberChoice } from './recent.js';

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

/** One field for everything: rows on the server, screens, commands. */
export const Palette = () => shown.value && html`<${PaletteDialog} />`;

const PaletteDialog = {
  setup() {
    const element = ref(null);
    const text = ref('');
    const at = ref(0);
    const { hits, error, busy, search, settled } = useSearch();

    const wanted = computed(() => text.value.trim());
    const groups = computed(() => (wanted.value ? foundGroups() : restingGroups()));
    const entries = computed(() => groups.value.flatMap((group) => group.entries));

    const restingGroups = () => {
      const [screens, commands] = [screenEntries(), commandEntries()];
      // Screens and commands are called as they are now, in this language; rows as they were when they were chosen.
      const now = (one) => [...screens, ...commands].find(({ to }) => to === one.to) ?? one;
      return [
        { title: 'palette.recent', entries: recent.value.map((one) => ({ ...now(one), id: `recent-${one.to}` })) },
        { title: 'palette.go', entries: screens },
        { title: 'palette.do', entries: commands },
      ].filter((group) => group.entries.length);
    };
    const foundGroups = () => [
      { title: 'palette.go', entries: matching(screenEntries(), wanted.value) },
      ...hitGroups(hits.value),
      { title: 'palette.do', entries: matching(commandEntries(), wanted.value) },
      { title: 'palette.help', entries: helpEntries(wanted.value) },
    ].filter((group) => group.entries.length);

    onMounted(() => {
      element.value.showModal();
      element.value.querySelector('input').focus();
    });
    onBeforeUnmount(() => {
      search('');
      element.value?.close();
    });
    watch(entries, () => (at.value = Math.min(at.value, Math.max(0, entries.value.length - 1))));

    const close = () => (shown.value = false);
    const cancel = (event) => {
      event.preventDefault();
      close();
    };
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
      element.value.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
    };
    const key = (event) => {
      if (event.isComposing) return;
      const action = {
        ArrowDown: () => move(at.value + 1),
        ArrowUp: () => move(at.value - 1),
        PageDown: () => move(Math.min(at.value + 8, entries.value.length - 1)),
        PageUp: () => move(Math.max(at.value - 8, 0)),
        Enter: enter,
      }[event.key];
      if (!action) return;
      event.preventDefault();
      void action();
    };

    const state = () => {
      if (error.value) return html`<p class="palette-note" role="alert">${icon('alert')}${t('palette.failed')}</p>`;
      if (wanted.value && !entries.value.length && !busy.value) {
        return html`<p class="palette-note">${t('palette.none', { text: wanted.value })}</p>`;
      }
      return null;
    };

    return () => {
      let number = 0;
      return html`<dialog ref=${element} class="palette" aria-label=${t('palette.label')} onCancel=${cancel} onClose=${close}
        onMousedown=${(event) => event.target === element.value && close()}>
        <div class="palette-field">
          ${icon('search')}
          <input type="text" role="combobox" aria-expanded=${String(entries.value.length > 0)} aria-controls="palette-list" aria-autocomplete="list" aria-label=${t('palette.label')}
            aria-activedescendant=${entries.value.length ? `palette-${at.value}` : null} placeholder=${t('palette.placeholder')} value=${text.value}
            autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="go" onInput=${type} onKeydown=${key} />
          <button type="button" class="btn ghost palette-close" onClick=${close}><kbd class="desk">Esc</kbd><span class="mob">${t('common.cancel')}</span></button>
        </div>
        ${state()}
        <div class="palette-list" id="palette-list" role="listbox" hidden=${!entries.value.length} aria-label=${t('palette.label')} aria-busy=${String(busy.value)}>
          ${groups.value.map((group) => html`<div key=${group.title} role="group" aria-label=${t(group.title)}>
            <div class="palette-title" aria-hidden="true">${t(group.title)}</div>
            ${group.entries.map((entry) => {
              const mine = number;
              number += 1;
              return html`<${PaletteLine} key=${entry.id} entry=${entry} number=${mine} selected=${mine === at.value} text=${wanted.value}
                onPoint=${() => (at.value = mine)} onChoose=${() => choose(entry)} />`;
            })}
          </div>`)}
        </div>
        <p class="sr" role="status">${wanted.value && !busy.value ? t('palette.count', { n: entries.value.length }) : ''}</p>
      </dialog>`;
    };
  },
};
