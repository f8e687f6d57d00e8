// @ts-check
import { h, Fragment } from './vue.js';
import htm from '../../vendor/htm.module.js';

/**
 * Turns what htm has read into a Vue node. Children of a component become its default slot.
 *
 * @this {number[]}
 * @param {any} type
 * @param {Record<string, any> | null} props
 * @param {...any} kids
 */
function vnode(type, props, ...kids) {
  // Switches off htm's cache of static subtrees: a Vue node belongs to one place in one tree.
  this[0] = 3;
  if (typeof type === 'string' || type === Fragment) return h(type, props ?? {}, kids);
  if (kids.length === 1 && isSlots(kids[0])) return h(type, props, kids[0]);
  return h(type, props, kids.length ? { default: () => kids } : {});
}

/** @param {any} kid an object of functions gives named slots: `<${Panel}>${{ head: () => … }}<//>` */
const isSlots = (kid) => kid && typeof kid === 'object' && !Array.isArray(kid) && !kid.__v_isVNode;

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = /** @type {any} */ (htm.bind(/** @type {any} */ (vnode)));

/**
 * Two-way binding without a template compiler: html`<input ...${model(form, 'name')} />`
 *
 * @template {object} T
 * @template {keyof T} K
 * @param {T} object
 * @param {K} key
 */
export const model = (object, key) => ({
  value: object[key],
  /** @param {Event} event */
  onInput: (event) => {
    object[key] = /** @type {any} */ (/** @type {HTMLInputElement} */ (event.target).value);
  },
});
