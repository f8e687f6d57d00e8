import { ref, shallowRef } from '../../core/vue.js';
import { dashboard, dataChanged } from '../../core/dashboard.js';
import { fmtBytes, fmtClock, fmtMoment, fmtNumber } from '../../core/format.js';
import { html } from '../../core/html.js';
import { hasText, t } from '../../core/i18n.js';
import { may } from '../../core/session.js';
import { Notice } from '../../ui/notice.js';

const TABLES = ['users', 'athletes', 'races', 'events', 'registrations', 'results', 'audit_logs'];
const TONES = { healthy: 'ok', degraded: 'warn' };

const statusText = (status) => {
  if (!status) return t('health.unknown');
  return hasText(`health.${status}`) ? t(`health.${status}`) : status;
};

/** The dashboard looks every 30 s; this panel shows what it found, and what was last known when the server is away. */
export const HealthPanel = () => {
  const health = dashboard.databaseHealth;
  const status = health?.status;
  const tone = status ? (TONES[status] ?? 'bad') : '';
  return html`<section class="panel" aria-labelledby="health-title">
    <header>
      <h2 id="health-title">${t('health.title')}</h2>
      <span class=${['badge', tone]} role="status">${statusText(status)}</span>
    </header>
    <div class="rows">
      <div>
        <span class=${['dot', health ? (health.connected ? tone : 'bad') : 'off']}></span>
        <span class="grow">${t(!health ? 'health.notAsked' : health.connected ? 'health.connected' : 'health.disconnected')}
          <small>${health ? t('health.checkedAt', { time: fmtClock(dashboard.healthCheckedAt) }) : t('health.waiting')}</small></span>
        <button type="button" class="btn" disabled=${dashboard.healthLoading}
          onClick=${() => dashboard.checkDatabaseHealth()}>${t('health.check')}</button>
      </div>
    </div>
    <${Counts} />
    ${health?.details && html`<${Details} details=${health.details} />`}
    ${may('admin') && html`<${Maintenance} />`}
  </section>`;
};

/** Rows of each table. Of a server that is away only the last known ones are shown, with their age. */
const Counts = () => {
  const health = dashboard.databaseHealth;
  const known = dashboard.lastCounts;
  if (!known) return null;
  const old = !health?.connected;
  return html`<div class="body ruled">
    ${old && html`<p class="soft">${t('health.lastKnown', { time: fmtClock(known.at) })}</p>`}
    <dl class=${['facts', old && 'old']}>${TABLES.map((name) => html`<div key=${name}>
      <dt>${t(`table.${name}`)}</dt>
      <dd>${!old && health.tables?.[name] === false
        ? html`<span class="badge bad">${t('health.missing')}</span>`
        : fmtNumber(known.counts[name] ?? 0)}</dd>
    </div>`)}</dl>
  </div>`;
};

/** What only administrators are told. Members that the server left out are not drawn. */
const Details = ({ details }) => {
  const { pool, cache, last_backup: backup } = details;
  const facts = [
    ['health.size', details.size_bytes !== undefined && fmtBytes(details.size_bytes + (details.wal_bytes ?? 0))],
    ['health.disk', typeof details.free_disk_bytes === 'number' && fmtBytes(details.free_disk_bytes)],
    ['health.readers', pool && t('health.readersOf', { used: pool.in_use, max: pool.max })],
    ['health.commit', typeof details.writer?.last_commit_ms === 'number' && t('health.ms', { ms: details.writer.last_commit_ms })],
    ['health.cache', cache && t('health.cacheOf', { hits: cache.hits, misses: cache.misses })],
    ['health.backup', backup && fmtMoment(backup.created_at ?? backup)],
    ['health.engine', details.sqlite_version],
  ].filter(([, value]) => value);
  return html`<dl class="facts body ruled">
    ${facts.map(([key, value]) => html`<div key=${key}><dt>${t(key)}</dt><dd>${value}</dd></div>`)}
  </dl>`;
};
Details.props = ['details'];

/** Validate looks, initialize makes missing tables; both say plainly what came of it. */
const Maintenance = {
  setup() {
    const busy = ref('');
    const outcome = shallowRef(null);
    const run = async (what) => {
      busy.value = what;
      outcome.value = null;
      try {
        const { importService } = dashboard;
        const answer = await (what === 'validate' ? importService.validateDatabase() : importService.initializeDatabase());
        outcome.value = { what, answer };
        dataChanged();
      } catch (error) {
        outcome.value = { what, error, answer: error.body };
      } finally {
        busy.value = '';
      }
    };
    return () => html`
      ${outcome.value && html`<div class="body ruled stack g3"><${Outcome} ...${outcome.value} /></div>`}
      <footer class="cluster">
        <button type="button" class="btn" disabled=${busy.value !== ''}
          onClick=${() => run('validate')}>${t(busy.value === 'validate' ? 'health.validating' : 'health.validate')}</button>
        <button type="button" class="btn" disabled=${busy.value !== ''}
          onClick=${() => run('initialize')}>${t(busy.value === 'initialize' ? 'health.initializing' : 'health.initialize')}</button>
      </footer>`;
  },
};

const Outcome = ({ what, answer, error }) => {
  if (error && !answer?.checks) return html`<${Notice} tone="bad" alert title=${t(`health.${what}Failed`)} text=${error.message} />`;
  if (what === 'initialize') {
    const made = answer.status === 'success';
    return html`<${Notice} tone="ok" alert title=${t(made ? 'health.initialized' : 'health.alreadyInitialized')}
      text=${t(made ? 'health.initializedText' : 'health.alreadyInitializedText')} />`;
  }
  const failed = answer.checks.filter((check) => !check.ok).length;
  const title = failed ? t('health.checksFailed', { n: failed }) : t('health.checksPassed', { n: answer.checks.length });
  return html`<${Notice} tone=${failed ? 'bad' : 'ok'} alert title=${title} />
    <ul class="checks">${answer.checks.map((check) => html`<li key=${check.name}>
      <span class=${['dot', !check.ok && 'bad']}></span>
      <span class="grow">${check.name}${!check.ok && html`<small>${check.detail}</small>`}</span>
      <span class="muted">${t(check.ok ? 'health.passed' : 'health.notPassed')}</span></li>`)}</ul>`;
};
Outcome.props = ['what', 'answer', 'error'];
