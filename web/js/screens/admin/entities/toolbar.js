import { onUnmounted, ref, watch } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { chosenMeet, chooseMeet, meet } from '../../../core/meet.js';
import { route, setQuery } from '../../../core/router.js';
import { FilterChip, QuickChips } from '../../../ui/filter-chip.js';
import { icon } from '../../../ui/icon.js';
import { ColumnMenu } from '../../../ui/vtable-columns.js';
import { PrintButton } from '../../../ui/vtable-print.js';

/** Typing asks the server once it pauses, not at every letter. */
const SEARCH_PAUSE_MS = 70;

/** Search as somebody types, filters as chips, the count in words, columns and print. Filters and search stand in the address. */
export const ListToolbar = {
  props: { subject: Object, source: Object, columns: Object, filters: Array, words: String },
  setup(props) {
    const value = (name) => route.value.query.get(name) ?? '';
    const search = ref(value('q'));
    let timer = 0;
    /** On phones the filters that are not in use fold away. */
    const unfolded = ref(false);
    const type = (event) => {
      search.value = event.target.value;
      clearTimeout(timer);
      timer = setTimeout(() => setQuery({ q: search.value.trim() }, { replace: true }), SEARCH_PAUSE_MS);
    };
    // The search in the top bar, or the browser's back button, may change the address from outside.
    watch(() => value('q'), (q) => {
      if (q !== search.value.trim()) search.value = q;
    });
    onUnmounted(() => clearTimeout(timer));

    const chip = (filter) => html`<${filter.quick ? QuickChips : FilterChip} key=${filter.name} filter=${filter} value=${value(filter.name)}
      shown=${filter.shown?.(value(filter.name))} onChoose=${(choice) => setQuery({ [filter.name]: choice })} />`;

    const meetChip = () => html`<button type="button" class="filter-chip" aria-pressed="true" onClick=${() => chooseMeet(null)}
      aria-label=${t('list.clearFilter', { label: t('entity.race') })}><span class="chip-text">${chosenMeet.value?.name ?? t('entity.race')}</span>
      ${icon('close')}</button>`;

    const count = () => {
      const { total, behind, error } = props.source;
      if (total.value === null || (behind.value && error.value)) return '';
      return props.subject.text('count', { n: total.value });
    };

    return () => html`<div class="toolbar list-toolbar">
      <input class="input" type="search" aria-label=${props.subject.text('search')} placeholder=${props.subject.text('search')}
        value=${search.value} onInput=${type} />
      <button type="button" class="btn ghost filters-toggle" aria-expanded=${String(unfolded.value)}
        onClick=${() => (unfolded.value = !unfolded.value)}>${icon('settings')}${t('list.filters')}</button>
      <div class=${['filter-chips', unfolded.value && 'unfolded']}>
        ${props.subject.meet && meet.id !== null && meetChip()}
        ${props.filters.map(chip)}
      </div>
      <span class="tools">
        <span class="muted" role="status">${count()}</span>
        <${ColumnMenu} choice=${props.columns} />
        <${PrintButton} title=${props.subject.text('title')} filters=${props.words} columns=${props.columns.columns.value}
          source=${props.source} count=${count()} />
      </span>
    </div>`;
  },
};
