// @ts-check

/**
 * What is heard: that a row changed (all rows of its kind, without an id), that changes were missed, or whether the server can be
 * heard at all.
 *
 * @typedef {{ change?: { entity: string, id: number | null, op: string }, missed?: true, heard?: boolean }} Word
 */

/** A browser comes back by itself after a cut. After a refusal it does not. */
const REOPEN_MS = 5_000;

/**
 * Follows what changes on the server.
 *
 * @param {(word: Word) => void} tell
 * @returns {() => void} ends it
 */
export function follow(tell) {
  let timer = 0;
  let isFirst = true;
  /** @type {EventSource} */
  let source;
  function open() {
    source = new EventSource('/api/live');
    source.onopen = () => tell({ heard: true });
    source.onmessage = ({ data }) => tell({ change: JSON.parse(data) });
    source.addEventListener('reset', () => tell({ missed: true }));
    source.onerror = () => {
      tell({ heard: false });
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, REOPEN_MS);
    };
    // A new stream does not know where the one before was cut off.
    if (!isFirst) tell({ missed: true });
    isFirst = false;
  }
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
