// @ts-check
import { onMounted, shallowRef, watch } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { maySee } from '../shell/navigation.js';
import { entryOf, groups, helpLanguage, loadTopic } from './content.js';
import { marked } from './marked.js';

/** One task: what to do step by step, what can go wrong, and what is safe. */
export const TopicPage = {
  props: { id: { type: String, required: true } },
  /** @param {any} props */
  setup(props) {
    const topic = shallowRef(/** @type {import('./content.js').Topic | null} */ (null));
    const failed = shallowRef(false);
    const load = async () => {
      const { id } = props;
      failed.value = false;
      topic.value = null;
      // The index names all topics; what it does not name is not asked for.
      if (!entryOf(id)) return;
      try {
        const found = await loadTopic(id);
        if (id === props.id) topic.value = found;
      } catch {
        failed.value = true;
      }
    };
    onMounted(load);
    watch(() => [props.id, groups.value], load);

    const section = (/** @type {import('./content.js').Section} */ { title, steps, text }) => html`<section key=${title}>
      <h2>${title}</h2>
      ${text?.map((line) => html`<p key=${line}>${marked(line)}</p>`)}
      ${steps && html`<ol class="help-steps">${steps.map((step) => html`<li key=${step}><span>${marked(step)}</span></li>`)}</ol>`}
    </section>`;
    const trouble = (/** @type {{ if: string, then: string }[]} */ list) => html`<section><h2>${t('help.trouble')}</h2>
      <dl class="help-trouble">${list.map((one) => html`<div key=${one.if}><dt>${marked(one.if)}</dt><dd>${marked(one.then)}</dd></div>`)}</dl>
    </section>`;
    const safe = (/** @type {string[]} */ list) => html`<section class="help-safe"><h2>${icon('shield')}${t('help.safe')}</h2>
      <ul>${list.map((line) => html`<li key=${line}>${marked(line)}</li>`)}</ul></section>`;
    const related = (/** @type {string[]} */ list) => html`<nav class="help-related no-print" aria-label=${t('help.related')}>
      <h2>${t('help.related')}</h2>
      <ul>${list.flatMap((id) => entryOf(id) ?? []).map(({ id, title }) => html`<li key=${id}>
        <a class="link" href=${`/admin/help/${id}`}>${title}</a></li>`)}</ul></nav>`;

    const page = (/** @type {import('./content.js').Topic} */ { title, intro, screen, sections, ...rest }) => html`
      <header class="help-head"><h1>${title}</h1><p>${marked(intro)}</p>
        <div class="cluster no-print">${screen && maySee(screen.to) && html`<a class="btn primary" href=${screen.to}>${screen.text}</a>`}
          <button type="button" class="btn" onClick=${() => window.print()}>${icon('print')}${t('help.print')}</button></div></header>
      ${sections.map(section)}
      ${rest.trouble && trouble(rest.trouble)}
      ${rest.safe && safe(rest.safe)}
      ${rest.related && related(rest.related)}`;

    const body = () => {
      const entry = entryOf(props.id);
      if (topic.value) return page(topic.value);
      if (!entry) return html`<header class="help-head"><h1>${t('help.missing')}</h1><p>${t('help.missingText')}</p></header>`;
      return html`<header class="help-head"><h1>${entry.title}</h1></header>
        ${failed.value ? html`<${Notice} tone="bad" alert title=${t('help.failed')} text=${t('help.failedText')}>
          <button type="button" class="btn" onClick=${load}>${t('common.retry')}</button><//>` : html`<div class="skeleton tall"></div>`}`;
    };
    return () => html`<div class="page help-page">
      <a class="link help-back no-print" href="/admin/help">${icon('back')}${t('help.all')}</a>
      <article class="help-topic" lang=${helpLanguage()}>${body()}</article>
    </div>`;
  },
};
