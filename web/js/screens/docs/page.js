import { computed, nextTick, onMounted, onUnmounted, ref, shallowRef } from '../../core/vue.js';
import { client, read } from '../../core/api.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { matches, readOperations } from '../../core/openapi.js';
import { Brand, homeLabel } from '../../ui/brand.js';
import { Empty } from '../../ui/empty.js';
import { Notice } from '../../ui/notice.js';
import { ThemeMenu } from '../../ui/theme-menu.js';
import { DemoBanner } from '../account/banners.js';
import { Operation } from './operation.js';

const hash = () => decodeURIComponent(location.hash.slice(1));

/** The server's own description of its API. What is open stands in the address, so that it can be shared. */
export const DocsPage = {
  setup() {
    const description = shallowRef(null);
    const problem = shallowRef(null);
    const filter = ref('');
    const openId = ref(hash());
    const groups = computed(() => (description.value ? readOperations(description.value) : []));
    const shown = computed(() => groups.value
      .map(({ tag, operations }) => ({ tag, operations: operations.filter((one) => matches(one, filter.value.trim())) }))
      .filter(({ operations }) => operations.length));
    const count = computed(() => shown.value.reduce((sum, { operations }) => sum + operations.length, 0));

    /** Goes to what the address names; a link from elsewhere is not hidden by a filter. */
    const follow = async () => {
      openId.value = hash();
      if (!openId.value) return;
      if (!shown.value.some(({ operations }) => operations.some(({ id }) => id === openId.value))) filter.value = '';
      await nextTick();
      document.getElementById(openId.value)?.scrollIntoView();
    };
    const toggle = (id, open) => {
      openId.value = open ? id : '';
      history.replaceState({}, '', open ? `#${id}` : location.pathname + location.search);
    };
    const load = async () => {
      problem.value = null;
      try {
        description.value = await read('/api/openapi.json', { quiet: true });
        await nextTick();
        await follow();
      } catch (error) {
        problem.value = error;
      }
    };
    onMounted(() => {
      document.title = `${t('docs.title')} · ${t('app.name')}`;
      addEventListener('hashchange', follow);
      void load();
    });
    onUnmounted(() => removeEventListener('hashchange', follow));

    const group = ({ tag, operations }) => html`<section class="docs-group" key=${tag} aria-labelledby=${`tag-${tag}`}>
      <h2 id=${`tag-${tag}`}>${tag}</h2>
      ${operations.map((operation) => html`<${Operation} key=${operation.id} operation=${operation} document=${description.value}
        open=${openId.value === operation.id} onToggle=${(open) => toggle(operation.id, open)} />`)}
    </section>`;

    const body = () => {
      if (problem.value) {
        return html`<${Notice} tone="bad" alert title=${t('docs.notLoaded')} text=${problem.value.message}>
          <button type="button" class="btn" onClick=${load}>${t('common.retry')}</button><//>`;
      }
      if (!description.value) return html`<div class="skeleton tall"></div>`;
      if (!shown.value.length) return html`<div class="panel"><${Empty} title=${t('docs.noneFound')} text=${t('list.noneFoundText')}>
        <button type="button" class="btn" onClick=${() => (filter.value = '')}>${t('list.clear')}</button><//></div>`;
      return shown.value.map(group);
    };

    return () => html`<div class="docs">
      <a class="skip" href="#main">${t('nav.skip')}</a>
      <${DemoBanner} />
      <header class="docs-top"><a href="/" aria-label=${homeLabel()}><${Brand} /></a><span class="grow"></span><${ThemeMenu} />
        <a class="btn" href="/admin">${t(client.token ? 'docs.dashboard' : 'docs.signIn')}</a></header>
      <div class="docs-cols">
        <nav class="docs-nav" aria-label=${t('docs.subjects')}>
          <ul>${shown.value.map(({ tag, operations }) => html`<li key=${tag}><a href=${`#tag-${tag}`}>${tag}
            <span class="count">${operations.length}</span></a></li>`)}</ul>
        </nav>
        <main id="main" tabindex="-1" class="stack g5">
          <div class="page-head"><div><h1>${t('docs.title')}</h1>
            <p>${t('docs.text')} <a class="link" href="/api/openapi.json">${t('docs.raw')}</a></p></div></div>
          <div class="cluster docs-filter">
            <input class="input" type="search" aria-label=${t('docs.filter')} placeholder=${t('docs.filter')} value=${filter.value}
              onInput=${(event) => (filter.value = event.target.value)} />
            <span class="muted" role="status">${description.value && t('docs.count', { n: count.value })}</span>
          </div>
          ${body()}
        </main>
      </div>
    </div>`;
  },
};
