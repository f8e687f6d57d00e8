import { reactive, ref, shallowRef } from '../../core/vue.js';
import { client } from '../../core/api.js';
import { fmtBytes, fmtNumber } from '../../core/format.js';
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { isText } from '../../core/openapi.js';
import { Field } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';

/** More than this makes the page slow and helps nobody. */
const SHOWN = 20_000;

/** JSON is indented, so that it can be read. */
function readable(text, type) {
  if (!/json$/.test(type)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** What came back, whatever it was. */
async function answerOf(response, startedAt) {
  const type = (response.headers.get('Content-Type') ?? '').split(';')[0];
  const blob = await response.blob();
  const text = isText(type) ? readable(await blob.text(), type) : t('docs.binary', { size: fmtBytes(blob.size) });
  return { status: response.status, ms: performance.now() - startedAt, type, text };
}

/** A refusal is an answer too. */
const refusalOf = (error, startedAt) => ({ status: error.status, ms: performance.now() - startedAt,
  type: 'application/problem+json', text: JSON.stringify(error.body, null, 2) });

/** Sends a GET request with the token of this browser. Only reading: nothing can be changed from here. */
export const TryIt = {
  props: { operation: Object },
  setup(props) {
    const { path, pathParameters, query, id } = props.operation;
    const form = reactive(Object.fromEntries([...pathParameters, ...query].map(({ name }) => [name, ''])));
    const errors = reactive({});
    const answer = shallowRef(null);
    const problem = ref('');
    const busy = ref(false);

    const address = () => path.replace(/\{\*?(\w+)\}/g, (whole, name) => (form[name] ? encodeURIComponent(form[name]) : whole));
    const given = () => query.map(({ name }) => [name, form[name].trim()]).filter(([, value]) => value);
    const line = () => [address(), String(new URLSearchParams(given()))].filter(Boolean).join('?');

    const send = async (event) => {
      event.preventDefault();
      for (const { name } of pathParameters) if (!form[name].trim()) errors[name] = t('form.required', { label: name });
      if (Object.keys(errors).length) return;
      busy.value = true;
      problem.value = '';
      const startedAt = performance.now();
      try {
        const response = await client.send(address(), { query: Object.fromEntries(given()), headers: { Accept: '*/*' }, quiet: true });
        answer.value = await answerOf(response, startedAt);
      } catch (error) {
        answer.value = error.status ? refusalOf(error, startedAt) : null;
        problem.value = error.status ? '' : error.message;
      } finally {
        busy.value = false;
      }
    };
    const field = ({ name, description, required }) => ({ name, label: name, hint: description, required, half: true });

    return () => html`<form class="stack g3 try" novalidate onSubmit=${send}>
      <h4>${t('docs.try')}</h4>
      <p class="soft small">${t(client.token ? 'docs.tryWithToken' : 'docs.tryWithout')}</p>
      ${pathParameters.length + query.length > 0 && html`<div class="form-grid">${[...pathParameters, ...query].map((one) => html`<${Field}
        key=${one.name} field=${field(one)} form=${form} errors=${errors} prefix=${`try-${id}`} />`)}</div>`}
      <div class="cluster"><button type="submit" class="btn primary" disabled=${busy.value}>${t(busy.value ? 'docs.sending' : 'docs.send')}</button>
        <code class="line">GET ${line()}</code></div>
      <div role="status">${answer.value && html`<b>${t('docs.answered', { status: String(answer.value.status),
        ms: fmtNumber(Math.round(answer.value.ms)), type: answer.value.type })}</b>`}</div>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('docs.failed')} text=${problem.value} />`}
      ${answer.value && html`<pre tabindex="0" role="region" aria-label=${t('docs.answer')}>${answer.value.text.slice(0, SHOWN)}</pre>`}
      ${answer.value?.text.length > SHOWN && html`<p class="soft small">${t('docs.cut', { n: SHOWN })}</p>`}
    </form>`;
  },
};
