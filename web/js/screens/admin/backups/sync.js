import { ref, shallowRef } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { fmtAgo, fmtMoment, fmtNumber, fmtSpan } from '../../../core/format.js';
import { html } from '../../../core/html.js';
import { hasText, t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';
import { SetAside } from './set-aside.js';
import { SyncComparison } from './sync-comparison.js';

const TONES = { synchronized: 'ok', pending: 'info', error: 'bad', disabled: '' };

/** The copy of the data on another server: how far it is, and to bring it up to date or compare it. */
export const SyncPanel = {
  props: { part: Object },
  setup(props) {
    const busy = ref('');
    const problem = shallowRef(null);
    const comparison = shallowRef(null);
    const act = (what, query = '') => async () => {
      busy.value = what + query;
      problem.value = null;
      try {
        const answer = await client.post(`/api/admin/sync/${what}${query}`, undefined, { timeout: 0 });
        comparison.value = what === 'verify' ? answer : null;
        await props.part.load();
      } catch (error) {
        problem.value = error;
      } finally {
        busy.value = '';
      }
    };

    const button = (what, words, query = '') => html`<button type="button" class="btn" disabled=${busy.value !== ''}
      onClick=${act(what, query)}>${words}</button>`;
    const failure = ({ held, last_error: text }) => html`<div class="body">
      <${Notice} tone="bad" title=${t(held ? 'sync.held' : 'sync.lastError')} text=${held ? t('sync.heldText') : text}>
        ${held && button('take-over', t(busy.value === 'take-over' ? 'sync.takingOver' : 'sync.takeOver'))}<//></div>`;

    const body = () => {
      const status = props.part.value.value;
      const error = props.part.error.value;
      if (error && !status) return html`<div class="body"><${Notice} tone="bad" alert title=${t('sync.failed')} text=${error.message} /></div>`;
      if (!status) return html`<div class="body"><div class="skeleton tall"></div></div>`;
      if (status.status === 'disabled') return html`<p class="body soft">${t('sync.disabledText')}</p>`;
      return html`<dl class="facts body">${factsOf(status).map(([key, value]) => html`<div key=${key}>
          <dt>${t(key)}</dt><dd>${value}</dd></div>`)}</dl>
        ${status.last_error && failure(status)}
        ${status.set_aside_count > 0 && html`<${SetAside} rows=${status.set_aside} count=${status.set_aside_count} />`}
        ${problem.value && html`<div class="body"><${Notice} tone="bad" alert title=${t('sync.notDone')} text=${problem.value.message} /></div>`}
        ${comparison.value && html`<${SyncComparison} answer=${comparison.value} />`}
        <footer class="cluster no-print">
          ${button('run', t(busy.value === 'run' ? 'sync.running' : 'sync.run'))}
          ${button('verify', t(busy.value === 'verify' ? 'sync.verifying' : 'sync.verify'))}
          ${comparison.value && !comparison.value.equal && button('run', t(busy.value === 'run?full=true' ? 'sync.running' : 'sync.full'), '?full=true')}
        </footer>`;
    };

    return () => {
      const status = props.part.value.value?.status;
      return html`<section class="panel" aria-labelledby="sync-title">
        <header><h2 id="sync-title">${t('sync.title')}</h2>
          ${status && html`<span class=${['badge', TONES[status]]}>
            ${hasText(`sync.state.${status}`) ? t(`sync.state.${status}`) : status}</span>`}</header>
        ${body()}
      </section>`;
    };
  },
};

const factsOf = ({ last_sync: last, records, pending_changes: pending, target, lag_seconds: lag }) => [
  ['sync.last', last ? `${fmtMoment(last)} (${fmtAgo(last)})` : t('health.never')],
  ['sync.target', target],
  ['sync.records', fmtNumber(records)],
  ['sync.pending', fmtNumber(pending)],
  ['sync.lag', typeof lag === 'number' && fmtSpan(lag)],
].filter(([, value]) => value);
