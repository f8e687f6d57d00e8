import { onMounted } from '../../../core/vue.js';
import { read } from '../../../core/api.js';
import { dashboard } from '../../../core/dashboard.js';
import { fmtAgo, fmtBytes, fmtClock, fmtMillis, fmtPercent } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { may } from '../../../core/session.js';
import { Spark } from '../../../ui/spark.js';
import { Maintenance } from '../health/maintenance.js';
import { curveOf } from '../health/curve.js';
import { RecordCounts } from '../health/record-counts.js';
import { statusText, toneOf } from '../health/words.js';

const EVERY_MS = 30_000;
const BATTERY_LOW = 20;
/** From here on people wait. */
const SLOW_MS = 1000;
/** From here on the server asks for a decision. */
const DISK_LOW = 500 * 1024 * 1024;

/**
 * The dashboard looks every 30 s; this panel shows what it found, and what was last known when the server is away. Members that the
 * server left out are not drawn.
 */
export const HealthPanel = {
  props: { battery: Object },
  setup(props) {
    const history = usePart((signal) => read('/api/admin/metrics/history', { signal }), { everyMs: EVERY_MS });
    onMounted(() => may('admin') && history.load());

    const connection = () => {
      const health = dashboard.databaseHealth;
      const tone = toneOf(health?.status);
      return html`<div>
        <span class=${['dot', health ? (health.connected ? tone : 'bad') : 'off']}></span>
        <span class="grow">${t(!health ? 'health.notAsked' : health.connected ? 'health.connected' : 'health.disconnected')}
          <small>${health ? t('health.checkedAt', { time: fmtClock(dashboard.healthCheckedAt) }) : t('health.waiting')}</small></span>
        <button type="button" class="btn" disabled=${dashboard.healthLoading}
          onClick=${() => dashboard.checkDatabaseHealth()}>${t('health.check')}</button>
      </div>`;
    };

    return () => {
      const health = dashboard.databaseHealth;
      return html`<section class="panel" aria-labelledby="health-title">
        <header>
          <h2 id="health-title">${t('health.database')}</h2>
          <span class=${['badge', toneOf(health?.status)]} role="status">${statusText(health?.status)}</span>
        </header>
        <div class="rows vitals">
          ${connection()}
          ${health?.details && vitals(health.details, curveOf(history.value.value?.points ?? []))}
          ${props.battery && batteryLine(props.battery)}
        </div>
        <${RecordCounts} />
        ${may('admin') && html`<${Maintenance} />
          <footer class="more"><a class="link" href="/admin/health">${t('health.all')}</a></footer>`}
      </section>`;
    };
  },
};

const vital = (key, tone, words, small, value, values = []) => html`<div key=${key}>
  <span class=${['dot', tone]}></span>
  <span class="grow">${words}<small>${small}</small></span>
  <${Spark} values=${values} /><b class="tnum">${value}</b>
</div>`;

const warnIf = (isBad) => (isBad ? 'warn' : '');

/** Only administrators are told these. */
function vitals(details, points) {
  const { requests, writer, last_backup: backup, backup_problems: problems, free_disk_bytes: free } = details;
  const all = (name) => points.map((point) => point[name]).filter((value) => typeof value === 'number');
  const p95 = lastOf(points, 'p95_ms') ?? requests?.p95_ms;
  const commit = lastOf(points, 'commit_ms') ?? writer?.last_commit_ms;
  return [
    typeof p95 === 'number' && vital('p95', warnIf(p95 >= SLOW_MS), t('health.answersIn'), t('health.p95'), fmtMillis(p95), all('p95_ms')),
    typeof commit === 'number' && vital('commit', warnIf(commit >= SLOW_MS), t('health.commit'), t('health.commitNote'), fmtMillis(commit), all('commit_ms')),
    backup !== undefined && vital('backup', problems?.length ? 'bad' : backup ? '' : 'off', t('health.backup'), t(backup ? 'health.backupNote' : 'health.backupNone'),
      backup ? fmtAgo(backup.created_at) : t('health.never')),
    typeof free === 'number' && vital('disk', warnIf(free < DISK_LOW), t('health.disk'), t('health.diskNote'), fmtBytes(free)),
  ];
}

const lastOf = (points, name) => points.findLast((point) => typeof point[name] === 'number')?.[name];

function batteryLine({ percent, charging }) {
  const low = !charging && percent <= BATTERY_LOW;
  return vital('battery', low ? 'warn' : '', t('health.battery'), t(charging ? 'health.charging' : low ? 'health.plugIn' : 'health.onBattery'),
    fmtPercent(percent / 100));
}
