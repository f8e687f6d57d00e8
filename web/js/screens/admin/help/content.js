// @ts-check
// The help's pages as they lie on the server, one file a topic, in the language of the page where there is one.

import { shallowRef } from '../../../core/vue.js';
import { language } from '../../../core/i18n.js';

/**
 * @typedef {{ id: string, title: string, summary: string, keywords: string[] }} Entry what the index says of a topic
 * @typedef {{ group: string, topics: Entry[] }} Group
 * @typedef {{ title: string, steps?: string[], text?: string[] }} Section
 * @typedef {{ title: string, intro: string, screen?: { to: string, text: string }, sections: Section[],
 *   trouble?: { if: string, then: string }[], safe?: string[], related?: string[] }} Topic
 */

/** Languages the help is written in. The first is the fallback. */
const WRITTEN_IN = ['en', 'fr', 'es', 'sw'];

const TIMEOUT_MS = 10_000;

/** The list of all topics, null before it has come. @type {import('../../../core/vue.js').ShallowRef<Group[] | null>} */
export const groups = shallowRef(null);

/** Topics that have come, by language and id. @type {Map<string, Promise<Topic>>} */
const topics = new Map();

const folder = () => (WRITTEN_IN.includes(language()) ? language() : WRITTEN_IN[0]);

/** The language of the help's text, which a reader's browser should pronounce. */
export const helpLanguage = folder;

/** @param {string} name */
async function fetchFile(name) {
  const address = new URL(`../../../../help/${folder()}/${name}.json`, import.meta.url);
  const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

export async function loadIndex() {
  groups.value = (await fetchFile('index')).groups;
}

/** @param {string} id @returns {Promise<Topic>} */
export function loadTopic(id) {
  const key = `${folder()}/${id}`;
  const known = topics.get(key);
  if (known) return known;
  const coming = fetchFile(id).catch((error) => {
    topics.delete(key);
    throw error;
  });
  topics.set(key, coming);
  return coming;
}

/** @param {string} id @returns {Entry | undefined} */
export const entryOf = (id) => groups.value?.flatMap((group) => group.topics).find((topic) => topic.id === id);
