// @ts-check
import { computed, onMounted, ref, watch } from '../../../core/vue.js';
import { html } from '../../../core/html.js';
import { language, t } from '../../../core/i18n.js';
import { route } from '../../../core/router.js';
import { Notice } from '../../../ui/notice.js';
import { entryOf, groups, loadIndex } from './content.js';
import { HelpHome } from './home.js';
import { TopicPage } from './topic.js';

/** The help inside the program: it lies on the same server and needs no internet. */
export const Screen = {
  setup() {
    const failed = ref(false);
    const topicId = computed(() => /^\/admin\/help\/([\w-]+)$/.exec(route.value.path)?.[1] ?? '');
    const load = async () => {
      failed.value = false;
      try {
        await loadIndex();
      } catch {
        failed.value = true;
      }
    };
    onMounted(load);
    watch(language, load);
    // The shell calls the page by its screen; a topic has a name of its own.
    watch([topicId, groups], () => {
      const title = entryOf(topicId.value)?.title;
      if (title) document.title = `${title} · ${t('app.name')}`;
    }, { immediate: true, flush: 'post' });

    return () => {
      if (failed.value && !groups.value) {
        return html`<div class="page"><div class="page-head"><div><h1>${t('help.title')}</h1></div></div>
          <${Notice} tone="bad" alert title=${t('help.failed')} text=${t('help.failedText')}>
            <button type="button" class="btn" onClick=${load}>${t('common.retry')}</button><//></div>`;
      }
      if (!groups.value) return html`<div class="page" aria-busy="true"><h1>${t('help.title')}</h1><div class="skeleton tall"></div></div>`;
      return topicId.value ? html`<${TopicPage} id=${topicId.value} />` : html`<${HelpHome} />`;
    };
  },
};
