import { computed } from '../../../core/vue.js';
import { commandEntries, hitGroups, matching, screenEntries } from './palette-entries.js';
import { helpEntries } from './palette-help.js';
import { recent } from './recent.js';

/**
 * What the palette shows: before the first letter what was chosen lately and all there is to do, then what fits.
 *
 * @param {import('../../../core/vue.js').Ref<string>} wanted the typed words
 * @param {import('../../../core/vue.js').Ref<any>} hits what the server has found for them
 */
export function useGroups(wanted, hits) {
  const resting = () => {
    const screens = screenEntries();
    const commands = commandEntries();
    return [
      { title: 'palette.recent', entries: recentEntries([...screens, ...commands]) },
      { title: 'palette.go', entries: screens },
      { title: 'palette.do', entries: commands },
    ];
  };
  const found = () => [
    { title: 'palette.go', entries: matching(screenEntries(), wanted.value) },
    ...hitGroups(hits.value),
    { title: 'palette.do', entries: matching(commandEntries(), wanted.value) },
    { title: 'palette.help', entries: helpEntries(wanted.value) },
  ];
  return computed(() => (wanted.value ? found() : resting()).filter(({ entries }) => entries.length));
}

/** Screens and commands are called as they are now, in this language; rows as they were when they were chosen. */
function recentEntries(known) {
  return recent.value.map((one) => ({ ...(known.find(({ to }) => to === one.to) ?? one), id: `recent-${one.to}` }));
}
