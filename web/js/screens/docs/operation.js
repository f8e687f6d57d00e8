import { html } from '../../core/html.js';
import { hasText, t } from '../../core/i18n.js';
import { Schema } from './schema.js';
import { TryIt } from './try-it.js';

const roleText = (role) => (hasText(`role.${role}`) ? t(`role.${role}`) : role);

/** Roles that every account has one of: then it is enough to be signed in. */
const ALL_ROLES = ['admin', 'chief_registrar', 'registrar', 'official', 'starter', 'coach', 'athlete', 'viewer'];

function whoMay(roles) {
  if (!roles) return t('docs.everyone');
  if (ALL_ROLES.every((role) => roles.includes(role))) return t('docs.signedIn');
  return roles.map(roleText).join(', ');
}

/** One operation: a line to find it by, and what is behind it. Emits `toggle` with whether it should be open. */
export const Operation = {
  props: { operation: Object, document: Object, open: Boolean },
  emits: ['toggle'],
  setup(props, { emit }) {
    // The page decides what is open, because the address does.
    const press = (event) => {
      event.preventDefault();
      emit('toggle', !props.open);
    };
    return () => {
      const { operation, open } = props;
      return html`<details class="operation" id=${operation.id} open=${open}>
        <summary onClick=${press}>
          <span class=${['method', operation.method.toLowerCase()]}>${operation.method}</span>
          <code class="path">${operation.path}</code>
          <span class="soft summary">${operation.summary}</span>
        </summary>
        ${open && html`<${Body} operation=${operation} document=${props.document} />`}
      </details>`;
    };
  },
};

const Body = ({ operation, document }) => {
  const { roles, pathParameters, query, body, answers, method } = operation;
  const parameters = [...pathParameters, ...query];
  return html`<div class="stack operation-body">
    <p><b>${t('docs.who')}</b> ${whoMay(roles)}</p>
    ${parameters.length > 0 && html`<section><h4>${t('docs.parameters')}</h4>
      <ul class="members beside">${parameters.map((one) => html`<li key=${one.name}>
        <p><code class="member">${one.name}</code>${one.required && html` <span class="badge">${t('docs.required')}</span>`}</p>
        ${one.description && html`<p class="soft small">${one.description}</p>`}</li>`)}</ul></section>`}
    ${body && html`<section><h4>${t('docs.request')} <span class="muted">${body.type}</span></h4>
      <${Schema} document=${document} schema=${body.schema} input=${true} badge=${method === 'POST' ? t('docs.required') : ''} /></section>`}
    <section><h4>${t('docs.responses')}</h4>
      ${answers.map((answer) => html`<details class="answer" key=${answer.status + answer.type}>
        <summary><b class="tnum">${answer.status === 'default' ? t('docs.anyOther') : answer.status}</b>
          <span class="grow">${answer.description}</span> <span class="muted">${answer.type}</span></summary>
        ${answer.schema ? html`<${Schema} document=${document} schema=${answer.schema}
          badge=${t('docs.always')} />` : html`<p class="soft small">${t('docs.noBody')}</p>`}
      </details>`)}</section>
    ${method === 'GET' && html`<${TryIt} operation=${operation} />`}
  </div>`;
};
Body.props = ['operation', 'document'];
