import { onMounted, onUnmounted, ref } from '../../../core/vue.js';
import { read } from '../../../core/api.js';
import { dashboard } from '../../../core/dashboard.js';
import { fmtClock, fmtSpan } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { Checks } from './checks.js';
import { DatabaseFacts } from './database-facts.js';
import { Maintenance } from './maintenance.js';
import { MeasuredCharts } from './measured.js';
import { RecordCounts } from './record-counts.js';
import { Room } from './room.js';
import { SupportBundle } from './support-bundle.js';
import { Versions } from './versions.js';
import { statusText, toneOf } from './words.js';

const EVERY_MS = 10_000;
/** What is older than two rounds is no longer how things are. */
const STALE_MS = 25_000;

/** How the server is: in a sentence, as pictures, and in numbers. Asks again while the page is seen. */
export const Screen = {
  setup() {
    const options = { everyMs: EVERY_MS };
    const checks = usePart((signal) => read('/health', { signal }), options);
    const history = usePart((signal) => read('/api/admin/metrics/history', { signal }), options);
    const versions = usePart((signal) => read('/api/version', { signal }));
    const database = usePart(() => dashboard.checkDatabaseHealth(), options);
    const parts = [checks, history, database];
    const load = () => parts.forEach((part) => void part.load());
    const now = ref(Date.now());
    let timer = 0;
    onMounted(() => {
      load();
      void versions.load();
      timer = setInterval(() => (now.value = Date.now()), 1000);
    });
    onUnmounted(() => clearInterval(timer));

    const stale = () => checks.at.value > 0 && now.value - checks.at.value > STALE_MS && html`<${Notice} tone="warn"
      title=${t('health.stale', { time: fmtClock(checks.at.value) })}
      text=${t('health.staleText', { age: fmtSpan((now.value - checks.at.value) / 1000) })} />`;

    const crashes = (/** @type {string[]} */ names = []) => names.length > 0 && html`<${Notice} tone="warn"
      title=${t('health.crashes', { n: names.length })} text=${t('health.crashesText', { file: names[0] })} />`;

    return () => {
      const health = dashboard.databaseHealth;
      const tone = toneOf(health?.status);
      return html`<div class="page health">
        <div class="page-head">
          <div><h1>${t('health.title')}</h1>
            <p class="state" role="status"><span class=${['dot', health ? tone : 'off']}></span>
              ${t(`health.overall.${health?.status ?? 'unknown'}`)}</p></div>
          <div class="cluster no-print">
            <button type="button" class="btn" disabled=${checks.busy.value} onClick=${load}>${icon('undo')}${t('health.check')}</button>
            <button type="button" class="btn desk" onClick=${() => print()}>${icon('print')}${t('overview.print')}</button>
          </div>
        </div>
        ${stale()}
        ${crashes(health?.details?.crash_reports)}
        <${Checks} part=${checks} />
        <${MeasuredCharts} part=${history} />
        <div class="cols">
          <div class="stack g5">
            <${DatabaseFacts} details=${health?.details} />
            <${Room} details=${health?.details} points=${history.value.value?.points} />
          </div>
          <div class="stack g5">
            <section class="panel" aria-labelledby="health-title">
              <header><h2 id="health-title">${t('health.database')}</h2><span class=${['badge', tone]}>${statusText(health?.status)}</span></header>
              ${health && html`<p class="body soft small">${t('health.checkedAt', { time: fmtClock(dashboard.healthCheckedAt) })}</p>`}
              <${RecordCounts} /><${Maintenance} />
            </section>
            <${Versions} part=${versions} uptime=${checks.value.value?.uptime_seconds} />
            <${SupportBundle} />
          </div>
        </div>
      </div>`;
    };
  },
};
