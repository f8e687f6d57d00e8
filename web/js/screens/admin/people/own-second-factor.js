// @ts-check
import { onMounted, reactive, ref } from '../../../core/vue.js';
import { client, read } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { usePart } from '../../../core/part.js';
import { Field } from '../../../ui/field.js';
import { Notice } from '../../../ui/notice.js';
import { BackupCodes } from './backup-codes.js';
import { spreadFaults } from './faults.js';
import { PartState } from './part-state.js';
import { PasswordField } from './password-field.js';

const PATH = '/api/auth/second-factor';

/** What each button asks the server, once the password was given. @type {Record<string, string>} */
const ASKS = { begin: PATH, renew: `${PATH}/backup-codes`, off: `${PATH}/off` };

/** Easier to type, and apps take the spaces. @param {string} secret */
const inFours = (secret) => secret.match(/.{1,4}/g)?.join(' ');

/** A code from an app beside the password: switched on with a first code, so that nobody locks themselves out. */
export const OwnSecondFactor = {
  setup() {
    const part = usePart((signal) => read(PATH, { signal }));
    const form = reactive({ current_password: '', code: '' });
    const errors = reactive(/** @type {Record<string, string>} */ ({}));
    /** What is being done: the password is asked for it. */
    const doing = ref(/** @type {'' | 'begin' | 'renew' | 'off'} */ (''));
    const started = ref(/** @type {any} */ (null));
    const codes = ref(/** @type {string[]} */ ([]));
    const problem = ref('');
    const busy = ref(false);
    onMounted(part.load);

    const begin = (/** @type {'begin' | 'renew' | 'off'} */ what) => {
      Object.assign(form, { current_password: '', code: '' });
      codes.value = [];
      problem.value = '';
      doing.value = what;
    };
    /** @param {string} path @param {object} body @param {(answer: any) => void} take */
    const send = async (path, body, take) => {
      busy.value = true;
      problem.value = '';
      try {
        take(await client.post(path, body));
        doing.value = '';
        await part.load();
      } catch (error) {
        problem.value = spreadFaults(error, form, errors)?.message ?? '';
      }
      busy.value = false;
    };
    const ask = (/** @type {Event} */ event) => {
      event.preventDefault();
      const what = doing.value;
      return send(ASKS[what], { current_password: form.current_password }, (answer) => {
        started.value = what === 'begin' ? answer : null;
        codes.value = answer.backup_codes ?? [];
      });
    };
    const confirm = (/** @type {Event} */ event) => {
      event.preventDefault();
      return send(`${PATH}/confirm`, { code: form.code }, (answer) => {
        started.value = null;
        codes.value = answer.backup_codes;
      });
    };

    const askPassword = () => html`<form class="stack g3" novalidate onSubmit=${ask}>
      <${PasswordField} name="current_password" label=${t('password.current')} autocomplete="current-password" form=${form} errors=${errors} prefix="factor" />
      <div class="cluster"><button type="button" class="btn" onClick=${() => (doing.value = '')}>${t('common.cancel')}</button>
        <button type="submit" class="btn primary" disabled=${busy.value}>${t(`factor.${doing.value}`)}</button></div>
    </form>`;
    const scan = () => html`<form class="stack g3" novalidate onSubmit=${confirm}>
      <p>${t('factor.scan')}</p>
      <img class="factor-code" alt=${t('factor.codeAlt')} src=${`data:image/svg+xml,${encodeURIComponent(started.value.qr)}`} />
      <p class="hint">${t('factor.orType')} <code>${inFours(started.value.secret)}</code></p>
      <${Field} field=${{ name: 'code', label: t('factor.first'), inputmode: 'numeric', autocomplete: 'one-time-code', max: 20 }}
        form=${form} errors=${errors} prefix="factor" />
      <button type="submit" class="btn primary start" disabled=${busy.value}>${t('factor.confirm')}</button>
    </form>`;
    const state = () => {
      const { enabled, backup_codes_left: left } = part.value.value;
      if (!enabled) {
        return html`<p class="soft">${t('factor.about')}</p>
          <button type="button" class="btn start" onClick=${() => begin('begin')}>${t('factor.begin')}</button>`;
      }
      return html`<p><span class="badge ok">${t('factor.on')}</span> ${t('factor.left', { n: left })}</p>
        <div class="cluster"><button type="button" class="btn" onClick=${() => begin('renew')}>${t('factor.renew')}</button>
          <button type="button" class="btn danger" onClick=${() => begin('off')}>${t('factor.off')}</button></div>`;
    };
    const body = () => {
      if (doing.value) return askPassword();
      if (started.value) return scan();
      return !part.error.value && part.value.value && state();
    };
    return () => html`<section class="panel" aria-labelledby="own-factor">
      <header><h2 id="own-factor">${t('factor.title')}</h2></header>
      <div class="body stack g3">
        ${problem.value && html`<${Notice} tone="bad" alert title=${t('factor.failed')} text=${problem.value} />`}
        ${codes.value.length > 0 && html`<${BackupCodes} codes=${codes.value} />`}
        <${PartState} part=${part} title=${t('factor.notLoaded')} />
        ${body()}
      </div>
    </section>`;
  },
};
