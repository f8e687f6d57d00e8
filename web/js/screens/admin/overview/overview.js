import { watch } from '../../../core/vue.js';
import { read } from '../../../core/api.js';
import { dashboard } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { changesOf } from '../../../core/live.js';
import { meet } from '../../../core/meet.js';
import { usePart } from '../../../core/part.js';
import { may } from '../../../core/session.js';
import { Notice } from '../../../ui/notice.js';
import { ExportPanel } from '../export-panel.js';
import { ImportHistory } from '../import/history.js';
import { ImportPanel } from '../import/panel.js';
import { RecentActivity } from './activity.js';
import { Counts } from './counts.js';
import { Decisions } from './decisions.js';
import { Distribution } from './distribution.js';
import { OverviewHead } from './head.js';
import { HealthPanel } from './health-panel.js';
import { LatestRaces } from './latest-races.js';
import { NowAndNext } from './now-next.js';
import { Participation } from './participation.js';

/** What changes without a change: the time of day, the battery, the room on the disk. */
const EVERY_MS = 300_000;
const COUNTED = ['athlete', 'race', 'event', 'registration', 'result', 'user', 'import'];

/** How the meet stands: what is on, what waits for a decision, the numbers, and how the server is. */
export const Screen = {
  setup() {
    const query = () => (meet.id === null ? {} : { raceId: meet.id });
    const numbers = usePart((signal) => read('/api/dashboard/stats', { query: query(), signal }), { everyMs: EVERY_MS });
    watch(() => [dashboard.revision, meet.id, changesOf(...COUNTED)], numbers.load, { immediate: true });

    const left = (stats) => html`<div class="stack g5">
      <${NowAndNext} timeline=${stats?.timeline} loaded=${stats !== null} />
      <${Decisions} decisions=${stats?.decisions} loaded=${stats !== null} />
      ${stats && html`<${Participation} trend=${stats.trend} />`}
      ${stats && html`<${Distribution} stats=${stats} />`}
      <div class="pair">${may('admin') && html`<${ImportPanel} />`}<${ExportPanel} /></div>
      ${may('admin') && html`<${ImportHistory} />`}
      <${LatestRaces} />
    </div>`;

    return () => {
      const stats = numbers.value.value;
      const problem = numbers.error.value;
      return html`<div class="page overview">
        <${OverviewHead} stats=${stats} />
        ${problem && html`<${Notice} tone="bad" alert title=${t(stats ? 'overview.stale' : 'overview.failed')} text=${problem.message}>
          <button type="button" class="btn" onClick=${numbers.load}>${t('common.retry')}</button><//>`}
        <${Counts} stats=${stats} />
        <div class="cols">
          ${left(stats)}
          <div class="stack g5"><${HealthPanel} battery=${stats?.battery} />${may('admin') && html`<${RecentActivity} />`}</div>
        </div>
      </div>`;
    };
  },
};
