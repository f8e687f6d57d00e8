// @ts-check
/** Languages with a complete file in `i18n/`. The first is the fallback. */
const LANGUAGES = ['en'];

/** @type {Record<string, string>} */
let messages = {};

export const language = choose();

/** `?lang=`, then what was stored, then the browser's wish, then the fallback. */
function choose() {
  const wishes = [new URLSearchParams(location.search).get('lang'), stored(), ...navigator.languages];
  const known = wishes.map((wish) => wish?.slice(0, 2).toLowerCase()).find((wish) => wish && LANGUAGES.includes(wish));
  return known ?? LANGUAGES[0];
}

function stored() {
  try {
    return localStorage.getItem('lang');
  } catch {
    return null;
  }
}

/** To be awaited once before anything is drawn. */
export async function loadMessages() {
  const fallback = fetchMessages(LANGUAGES[0]);
  const chosen = language === LANGUAGES[0] ? {} : await fetchMessages(language);
  messages = { ...(await fallback), ...chosen };
  document.documentElement.lang = language;
}

/** @param {string} name @returns {Promise<Record<string, string>>} */
async function fetchMessages(name) {
  const response = await fetch(new URL(`../../i18n/${name}.json`, import.meta.url));
  return response.json();
}

/** Dates and numbers as the person's own region writes the language: 4 Sept in London, Sep 4 in New York. */
export const locale = navigator.languages.find((wish) => wish.slice(0, 2).toLowerCase() === language) ?? language;

const plural = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(locale);

/**
 * The text of a key. `{name}` is filled from `values`; with a number `n` the forms `key.one`, `key.other` … are tried first.
 *
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const form = typeof values.n === 'number' ? messages[`${key}.${plural.select(values.n)}`] : undefined;
  const text = form ?? messages[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? numbers.format(value) : value;
  });
}

/** @param {string} key true when there is a text for it, for codes that come from the server */
export const hasText = (key) => key in messages;
