// @ts-check
// Finds topics by words, best first. Everything happens in the page.

/** @typedef {{ id: string, title: string, keywords: string[], summary: string, text: string }} Page */

/** Where a word was found counts for more or less. */
const WEIGHTS = { title: 12, keywords: 8, summary: 4, text: 1 };

/** Words that say nothing of the subject. */
const EMPTY = /^(a|an|the|i|to|of|how|do|does|is|it|my|can|what|in|on|and)$/;

/** Without accents and case, so that "resume" finds "résumé". @param {string} text */
const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** @param {string} text @param {string} word whether a word of the text begins with it */
const begins = (text, word) => text.startsWith(word) || text.includes(` ${word}`);

/** Marks, quotes and points stand between words. @param {string} text */
const spaced = (text) => fold(text).replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** @param {import('./content.js').Topic} topic all that can be read on its page */
export function textOf(topic) {
  const sections = topic.sections.flatMap(({ title, steps = [], text = [] }) => [title, ...steps, ...text]);
  const trouble = (topic.trouble ?? []).flatMap((one) => [one.if, one.then]);
  return [topic.intro, ...sections, ...trouble, ...(topic.safe ?? [])].join(' ');
}

/**
 * Every word has to be somewhere in the topic, at the beginning of a word.
 *
 * @param {Page[]} pages
 * @param {string} asked
 * @returns {Page[]} the best first
 */
export function findTopics(pages, asked) {
  const typed = spaced(asked).split(' ').filter(Boolean);
  const telling = typed.filter((word) => !EMPTY.test(word));
  const words = telling.length ? telling : typed;
  const points = (/** @type {Page} */ page) => {
    const places = { title: spaced(page.title), keywords: spaced(page.keywords.join(' ')), summary: spaced(page.summary), text: spaced(page.text) };
    let sum = 0;
    for (const word of words) {
      const found = Object.entries(WEIGHTS).filter(([place]) => begins(places[/** @type {'title'} */ (place)], word));
      if (!found.length) return 0;
      sum += found.reduce((all, [, weight]) => all + weight, 0);
    }
    return sum;
  };
  const ranked = pages.map((page) => ({ page, points: points(page) })).filter((one) => one.points > 0);
  return ranked.sort((a, b) => b.points - a.points).map(({ page }) => page);
}

/**
 * The words around the first place where something was found in the text.
 *
 * @param {string} text
 * @param {string} asked
 */
export function excerpt(text, asked) {
  const plain = text.replace(/[*`]/g, '');
  const folded = fold(plain);
  const places = spaced(asked).split(' ').filter((word) => word && !EMPTY.test(word))
    .map((word) => folded.search(new RegExp(`(^|[^\\p{L}\\p{N}])${word}`, 'u'))).filter((at) => at >= 0);
  if (!places.length) return '';
  const start = plain.lastIndexOf('. ', Math.min(...places)) + 1;
  const cut = plain.slice(start).trim();
  return cut.length > 140 ? `${cut.slice(0, cut.lastIndexOf(' ', 140))} …` : cut;
}
