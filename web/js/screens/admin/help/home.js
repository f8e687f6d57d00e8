// @ts-check
import { computed, onMounted, ref, shallowRef, watch } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { language, t } from '../../../core/i18n.js';
import { go, route, setQuery } from '../../../core/router.js';
import { Empty } from '../../../ui/empty.js';
import { icon } from '../../../ui/icon.js';
import { groups, helpLanguage, loadTopic } from './content.js';
import { excerpt, findTopics, textOf } from './find.js';

/** All topics, and what is found among them while somebody types. */
export const HelpHome = {
  setup() {
    const typed = ref(route.value.query.get('q') ?? '');
    const entries = computed(() => groups.value?.flatMap((group) => group.topics) ?? []);
    /** The texts come with the first letter that is typed; titles and keywords are found before. @type {any} */
    const texts = shallowRef(/** @type {Record<string, string>} */ ({}));
    const pages = computed(() => entries.value.map((entry) => ({ ...entry, text: texts.value[entry.id] ?? '' })));
    const found = computed(() => (typed.value.trim() ? findTopics(pages.value, typed.value) : null));

    async function loadTexts() {
      const wanted = entries.value.map(async ({ id }) => [id, textOf(await loadTopic(id))]);
      const come = await Promise.allSettled(wanted);
      texts.value = Object.fromEntries(come.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    }
    const look = () => typed.value.trim() && entries.value.length && void loadTexts();
    onMounted(look);
    watch([entries, language], look);

    const type = (/** @type {any} */ event) => {
      const first = !typed.value.trim();
      typed.value = event.target.value;
      if (first) look();
      setQuery({ q: typed.value.trim() }, { replace: true });
    };
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (found.value?.length) go(`/admin/help/${found.value[0].id}`);
    };

    const link = (/** @type {any} */ entry) => html`<li key=${entry.id}><a href=${`/admin/help/${entry.id}`}>
      <b>${entry.title}</b><small>${entry.summary}</small></a></li>`;
    const card = (/** @type {any} */ { group, topics }) => html`<section class="panel" key=${group}>
      <header><h2>${group}</h2></header><ul class="help-links">${topics.map(link)}</ul></section>`;
    const hit = (/** @type {any} */ page) => html`<li key=${page.id}><a href=${`/admin/help/${page.id}`}>
      <b>${page.title}</b><small>${excerpt(page.text, typed.value) || page.summary}</small></a></li>`;
    const hits = () => found.value?.length
      ? html`<section class="panel"><ul class="help-links">${found.value.map(hit)}</ul></section>`
      : html`<div class="panel"><${Empty} title=${t('help.noneFound')} text=${t('help.noneFoundText')} /></div>`;

    return () => html`<div class="page">
      <div class="page-head"><div><h1>${t('help.title')}</h1><p>${t('help.text')}</p></div></div>
      <form class="help-search no-print" role="search" onSubmit=${submit}>
        <label class="sr" for="help-search">${t('help.search')}</label>
        ${icon('search')}
        <input class="input" type="search" id="help-search" placeholder=${t('help.search')} autocomplete="off" value=${typed.value} onInput=${type} />
        <span class="muted" role="status">${found.value && t('help.count', { n: found.value.length })}</span>
      </form>
      <div lang=${helpLanguage()} class=${found.value ? 'stack' : 'help-cards'}>${found.value ? hits() : groups.value?.map(card)}</div>
    </div>`;
  },
};
