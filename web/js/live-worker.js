// One stream for all tabs of a browser: over plain http it opens six connections to a server at most, and a stream keeps one.
import { follow } from './core/stream.js';

const tabs = new Set();
let end = null;
/** What was last known of the stream, for tabs that come later. */
let heard;

function tell(word) {
  heard = word.heard ?? heard;
  for (const tab of tabs) tab.postMessage(word);
}

function join(tab) {
  tabs.add(tab);
  end ??= follow(tell);
  if (heard !== undefined) tab.postMessage({ heard });
}

function leave(tab) {
  tabs.delete(tab);
  if (tabs.size > 0) return;
  end?.();
  end = null;
  heard = undefined;
}

self.onconnect = ({ ports: [tab] }) => {
  tab.onmessage = ({ data }) => (data === 'join' ? join(tab) : leave(tab));
};
