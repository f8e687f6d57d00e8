import { language } from '../../../core/i18n.js';
import { groups, loadIndex } from '../help/content.js';
import { findTopics } from '../help/find.js';

/** So many are shown; the help itself shows all. */
const SHOWN = 4;

let loadedFor = '';

/** The list of topics comes when the palette is first opened, and again in another language. */
export async function prepareHelp() {
  if (groups.value && loadedFor === language()) return;
  try {
    await loadIndex();
    loadedFor = language();
  } catch {
    // Everything else is found without the help, whose own screen says what is wrong.
  }
}

/** Help topics with these words. @param {string} text */
export function helpEntries(text) {
  const pages = (groups.value ?? []).flatMap((group) => group.topics).map((entry) => ({ ...entry, text: '' }));
  return findTopics(pages, text).slice(0, SHOWN).map(({ id, title }) => {
    const to = `/admin/help/${id}`;
    return { id: to, to, icon: 'help', label: title };
  });
}
