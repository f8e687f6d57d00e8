import { shallowRef } from '../../../../core/vue.js';

// Pairs of which somebody said that they are two people. The server keeps no list of those, so this browser does.

const KEY = 'twoPeople';

/** Ids of pairs, `12-40`. */
export const hiddenPairs = shallowRef(new Set(stored()));

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '[]');
  } catch {
    return [];
  }
}

function keep(ids) {
  hiddenPairs.value = new Set(ids);
  try {
    localStorage.setItem(KEY, JSON.stringify([...ids]));
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
}

/** @param {string} id */
export const hidePair = (id) => keep([...hiddenPairs.value, id]);
export const showAllPairs = () => keep([]);
