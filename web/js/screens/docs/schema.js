import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { resolve } from '../../core/openapi.js';

/** The type in words: `text`, `number or null`, `list of Athlete`. */
function typeText(document, given) {
  const { name, schema } = resolve(document, given);
  if (schema.enum) return t('docs.oneOf', { list: schema.enum.join(', ') });
  if (schema.oneOf ?? schema.anyOf) return (schema.oneOf ?? schema.anyOf).map((one) => typeText(document, one)).join(` ${t('docs.or')} `);
  const types = [schema.type ?? 'object'].flat();
  const words = types.map((type) => {
    if (type === 'array') return t('docs.listOf', { type: typeText(document, schema.items) });
    if (type === 'object') return name || 'object';
    return type;
  });
  return [words.join(` ${t('docs.or')} `), schema.format && `(${schema.format})`].filter(Boolean).join(' ');
}

/** The members behind a schema: its own, or those of the rows of a list. */
function membersOf(document, given) {
  const { name, schema } = resolve(document, given);
  if (schema.items) return membersOf(document, schema.items);
  const inner = (schema.oneOf ?? schema.anyOf ?? []).find((one) => resolve(document, one).schema.properties);
  if (inner) return membersOf(document, inner);
  return { name, members: Object.entries(schema.properties ?? {}), required: schema.required ?? [], text: schema.description ?? '' };
}

/**
 * A schema as a list of members. What is inside a member opens on demand.
 *
 * `outer`: names of the schemas around it, so that one which holds itself is not drawn for ever. `badge`: the word for a member that
 * is always there. `input`: of what is sent, not of what is answered.
 */
export const Schema = ({ document, schema, outer = [], badge = '', input = false }) => {
  const { name, members: all, required, text } = membersOf(document, schema);
  const members = all.filter(([, one]) => !(input && one.readOnly));
  if (!members.length) return html`<p class="soft small">${typeText(document, schema)}</p>`;
  const around = name ? [...outer, name] : outer;
  return html`<div class="schema">
    ${outer.length === 0 && html`<p class="small"><code>${typeText(document, schema)}</code></p>`}
    ${text && html`<p class="soft small">${text}</p>`}
    <ul class="members">${members.map(([member, one]) => html`<li key=${member}>
      <p><code class="member">${member}</code> <span class="muted">${typeText(document, one)}</span>
        ${badge && required.includes(member) && html` <span class="badge">${badge}</span>`}</p>
      ${one.description && html`<p class="soft small">${one.description}</p>`}
      <${Inside} document=${document} schema=${one} outer=${around} badge=${badge} input=${input} />
    </li>`)}</ul>
  </div>`;
};
Schema.props = ['document', 'schema', 'outer', 'badge', 'input'];

const Inside = ({ document, schema, outer, badge, input }) => {
  const { name, members } = membersOf(document, schema);
  if (!members.length || (name && outer.includes(name))) return null;
  return html`<details class="inside"><summary>${t('docs.membersOf', { name: name || t('docs.this') })}</summary>
    <${Schema} document=${document} schema=${schema} outer=${[...outer, name]} badge=${badge} input=${input} /></details>`;
};
Inside.props = ['document', 'schema', 'outer', 'badge', 'input'];
