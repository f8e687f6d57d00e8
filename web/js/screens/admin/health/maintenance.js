import { ref, shallowRef } from '../../../core/vue.js';
import { dashboard, dataChanged } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Notice } from '../../../ui/notice.js';

/** Validate looks, initialize makes missing tables; both say plainly, line by line, what came of it. */
export const Maintenance = {
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
      <footer class="cluster no-print">
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
  const failed = answer.checks.filter((check) => !check.ok);
  const title = failed.length ? t('health.checksFailed', { n: failed.length }) : t('health.checksPassed', { n: answer.checks.length });
  // What is wrong comes first: somebody has to do something about it.
  const ordered = [...failed, ...answer.checks.filter((check) => check.ok)];
  return html`<${Notice} tone=${failed.length ? 'bad' : 'ok'} alert title=${title} />
    <ul class="checks">${ordered.map((check) => html`<li key=${check.name}>
      <span class=${['dot', !check.ok && 'bad']}></span>
      <span class="grow">${check.name}${check.detail && html`<small>${check.detail}</small>`}</span>
      <span class="muted">${t(check.ok ? 'health.passed' : 'health.notPassed')}</span></li>`)}</ul>`;
};
Outcome.props = ['what', 'answer', 'error'];
