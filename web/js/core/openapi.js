// @ts-check
// Reads an OpenAPI document into what a page draws. Knows only the parts that our own server writes.

/**
 * @typedef {{ name: string, required: boolean, description: string, schema: any }} Parameter
 * @typedef {{ status: string, description: string, type: string, schema: any }} Media
 * @typedef {{ id: string, tag: string, method: string, path: string, summary: string, roles: string[] | null,
 *   pathParameters: Parameter[], query: Parameter[], body: Media | null, answers: Media[] }} Operation
 *   `id` names it in the address; `roles` null stands for everyone
 */

const METHODS = ['get', 'post', 'put', 'delete'];

/** @param {any} document @returns {{ tag: string, operations: Operation[] }[]} by tag, in the order of the alphabet */
export function readOperations(document) {
  /** @type {Map<string, Operation[]>} */
  const groups = new Map();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS.filter((name) => name in item)) {
      const operation = readOperation(path, method, item[method]);
      const group = groups.get(operation.tag) ?? [];
      groups.set(operation.tag, [...group, operation]);
    }
  }
  const tags = [...groups.keys()].sort((a, b) => a.localeCompare(b));
  return tags.map((tag) => ({ tag, operations: groups.get(tag) ?? [] }));
}

/** @param {string} path @param {string} method @param {any} item @returns {Operation} */
function readOperation(path, method, item) {
  const parameters = (item.parameters ?? []).map(readParameter);
  const placed = (/** @type {string} */ place) => parameters.filter((/** @type {any} */ p) => p.place === place);
  const [body = null] = mediaOf('', '', item.requestBody);
  return {
    id: `${method}${path.replace(/[^A-Za-z0-9]+/g, '-')}`.replace(/-$/, ''),
    tag: item.tags?.[0] ?? '',
    method: method.toUpperCase(),
    path,
    summary: item.summary ?? '',
    roles: item['x-roles'] ?? null,
    pathParameters: placed('path'),
    query: placed('query'),
    body: body?.type ? body : null,
    answers: Object.entries(item.responses ?? {}).flatMap(([status, answer]) => mediaOf(status, answer.description, answer)),
  };
}

/** @param {any} parameter */
const readParameter = ({ name, in: place, required = false, description = '', schema }) => ({ name, place, required, description, schema });

/** @param {string} status @param {string} description @param {any} part @returns {Media[]} one for each media type, or one without */
function mediaOf(status, description, part) {
  const content = Object.entries(part?.content ?? {});
  if (!content.length) return [{ status, description, type: '', schema: null }];
  return content.map(([type, { schema }]) => ({ status, description, type, schema }));
}

/** Every word of the filter has to be somewhere in the operation. @param {Operation} operation @param {string} filter */
export function matches(operation, filter) {
  const { method, path, summary, tag } = operation;
  const text = `${method} ${path} ${summary} ${tag}`.toLowerCase();
  return filter.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/**
 * A schema with its name, when it is one of the document's own.
 *
 * @param {any} document
 * @param {any} schema
 * @returns {{ name: string, schema: any }}
 */
export function resolve(document, schema) {
  const name = /^#\/components\/schemas\/(.+)$/.exec(schema?.$ref ?? '')?.[1] ?? '';
  return { name, schema: name ? (document.components.schemas[name] ?? {}) : (schema ?? {}) };
}

/** The media types that are shown as text. @param {string} type */
export const isText = (type) => /^text\/|json|x-ndjson|event-stream/.test(type);
