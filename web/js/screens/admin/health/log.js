import { computed, nextTick, ref, watch } from '../../../core/vue.js';
import { fmtClock, fmtNumber } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { route, setQuery } from '../../../core/router.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { toast } from '../../../ui/toast.js';
import { copyText } from './copy.js';
import { LogLine, lineText } from './log-line.js';
import { useLogFeed } from './log-feed.js';
import { useNewLines } from './new-lines.js';

/** The least level that is shown. */
const LEVELS = ['error', 'warn', 'info', 'debug'];
const USUAL = 'info';
const TYPING_MS = 300;
const NEAR_END_PX = 48;

/** What the server writes down, as it writes it. */
export const Screen = {
  setup() {
    const level = computed(() => (LEVELS.includes(route.value.query.get('level')) ? route.value.query.get('level') : USUAL));
    const search = computed(() => route.value.query.get('q') ?? '');
    const feed = useLogFeed(() => ({ level: level.value, q: search.value }));
    const { lines, error, paused, at } = feed;
    const announced = useNewLines(lines);
    const box = ref(null);
    const atEnd = ref(true);
    let typing = 0;

    const toEnd = () => {
      atEnd.value = true;
      box.value?.scrollTo({ top: box.value.scrollHeight });
    };
    watch(lines, async () => {
      await nextTick();
      if (atEnd.value) toEnd();
    });
    const scrolled = () => {
      const { scrollTop, scrollHeight, clientHeight } = box.value;
      atEnd.value = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    };
    const find = (event) => {
      clearTimeout(typing);
      const { value } = event.target;
      typing = setTimeout(() => setQuery({ q: value.trim() }, { replace: true }), TYPING_MS);
    };
    const copy = async () => {
      const text = lines.value.map(lineText).join('\n');
      toast(t((await copyText(text)) ? 'log.copied' : 'log.notCopied', { n: lines.value.length }));
    };

    const choose = (name) => setQuery({ level: name === USUAL ? null : name }, { replace: true });
    const chip = (name) => html`<button key=${name} type="button" aria-pressed=${String(level.value === name)}
      onClick=${() => choose(name)}><span class=${['dot', `level-${name}`]}></span>${t(`log.atLeast.${name}`)}</button>`;
    const chips = () => html`<div class="levels" role="group" aria-label=${t('log.level')}>${LEVELS.map(chip)}</div>`;

    const news = () => (announced.value ? t('log.new', { n: announced.value, total: fmtNumber(lines.value?.length ?? 0) }) : '');

    const body = () => {
      if (!lines.value) return error.value ? null : html`<div class="body"><div class="skeleton tall"></div></div>`;
      if (!lines.value.length) return html`<p class="body soft">${t(search.value || level.value !== USUAL ? 'log.noneFound' : 'log.none')}</p>`;
      return html`<div class="log-box" ref=${box} tabindex="0" role="region" aria-label=${t('log.lines')} onScroll=${scrolled}>
        <ol class="log">${lines.value.map((line) => html`<${LogLine} key=${line.seq} line=${line} />`)}</ol>
      </div>`;
    };

    return () => html`<div class="page log-page">
      <div class="page-head"><div><h1>${t('log.title')}</h1><p>${t('log.text')}</p></div>
        <div class="cluster no-print">
          <button type="button" class="btn" aria-pressed=${String(paused.value)} onClick=${() => (paused.value = !paused.value)}>
            ${icon(paused.value ? 'play' : 'pause')}${t(paused.value ? 'log.follow' : 'log.pause')}</button>
          <button type="button" class="btn" disabled=${!lines.value?.length} onClick=${copy}>${icon('copy')}${t('log.copy')}</button>
        </div></div>
      ${error.value && html`<${Notice} tone="bad" alert title=${t(lines.value ? 'log.stale' : 'log.failed', { time: fmtClock(at.value) })}
        text=${error.value.message}><button type="button" class="btn" onClick=${feed.restart}>${t('common.retry')}</button><//>`}
      <div class="panel">
        <header class="no-print">${chips()}
          <input type="search" class="input log-search" aria-label=${t('log.search')} placeholder=${t('log.search')}
            value=${search.value} onInput=${find} /></header>
        ${body()}
        <footer class="spread">
          <span>${lines.value && t('log.count', { n: lines.value.length })}${paused.value && ` · ${t('log.paused')}`}</span>
          ${!atEnd.value && html`<button type="button" class="btn" onClick=${toEnd}>${t('log.toEnd')}</button>`}
          <span class="sr" role="status">${news()}</span>
        </footer>
      </div>
    </div>`;
  },
};
