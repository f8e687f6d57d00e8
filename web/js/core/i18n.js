// @ts-check
import { computed, ref, shallowRef } from './vue.js';

/** Languages there are texts for. The first is the fallback. */
export const LANGUAGES = ['en', 'fr', 'es', 'sw'];

/** So long until texts that did not come are asked for again. */
const RETRY_MS = 2000;

/** The texts by their keys. What shows a text is drawn anew when the language changes. */
const messages = shallowRef(/** @type {Record<string, string>} */ ({}));
const current = ref(LANGUAGES[0]);
const region = computed(() => navigator.languages.find((wish) => code(wish) === current.value) ?? current.value);
const plural = computed(() => new Intl.PluralRules(current.value));
const numbers = computed(() => new Intl.NumberFormat(region.value));

/** The present language: `en`. */
export const language = () => current.value;

/** Dates and numbers as the person's own region writes the language: 4 Sept in London, Sep 4 in New York. */
export const locale = () => region.value;

/** @param {string | null | undefined} wish `sw-KE` is `sw` */
const code = (wish) => wish?.slice(0, 2).toLowerCase() ?? '';

/** `?lang=`, then what was stored, then the browser's wish. @param {string[]} offered */
function wished(offered) {
  const wishes = [new URLSearchParams(location.search).get('lang'), stored(), ...navigator.languages];
  return wishes.map(code).find((wish) => offered.includes(wish));
}

function stored() {
  try {
    return localStorage.getItem('lang');
  } catch {
    return null;
  }
}

/**
 * To be awaited once before anything is drawn.
 *
 * @param {Promise<any>} server what it says of itself: the languages it offers, and its usual one for a person who wishes none of them
 */
export async function loadMessages(server) {
  const said = await server;
  const offered = LANGUAGES.filter((name) => said?.languages?.includes(name) ?? true);
  const name = wished(offered) ?? code(said?.default_language);
  const known = LANGUAGES.includes(name) ? name : LANGUAGES[0];
  for (;;) {
    try {
      return use(known, await fetchMessages(known));
    } catch {
      // The page came from this server a moment ago; without texts there is nothing to show.
      await new Promise((done) => setTimeout(done, RETRY_MS));
    }
  }
}

/**
 * Changes the language of the page and keeps the choice. What was typed stays. Rejects when the texts cannot be had.
 *
 * @param {string} name one of `LANGUAGES`
 */
export async function setLanguage(name) {
  use(name, await fetchMessages(name));
  try {
    localStorage.setItem('lang', name);
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
}

/** @param {string} name @param {Record<string, string>} texts */
function use(name, texts) {
  messages.value = texts;
  current.value = name;
  document.documentElement.lang = name;
}

/** A language that this server has no texts for yet is shown in the fallback. @param {string} name @returns {Promise<Record<string, string>>} */
async function fetchMessages(name) {
  const response = await fetch(new URL(`../../i18n/${name}.json`, import.meta.url));
  if (response.ok) return response.json();
  if (name === LANGUAGES[0]) throw new Error(String(response.status));
  return fetchMessages(LANGUAGES[0]);
}

/**
 * The text of a key. `{name}` is filled from `values`; with a number `n` the forms `key.one`, `key.other` … are tried first.
 *
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const texts = messages.value;
  const form = typeof values.n === 'number' ? texts[`${key}.${plural.value.select(values.n)}`] : undefined;
  const text = form ?? texts[key] ?? texts[`${key}.other`] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? numbers.value.format(value) : value;
  });
}

/** @param {string} key true when there is a text for it, for codes that come from the server */
export const hasText = (key) => key in messages.value;
