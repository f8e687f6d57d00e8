import { computed, markRaw, reactive, shallowReactive, watch } from '../../../core/vue.js';
import { isAbort } from '../../../core/api.js';
import { asFound, dashboard, lookAt } from '../../../core/dashboard.js';
import { meet } from '../../../core/meet.js';
import { session } from '../../../core/session.js';
import { isGuess } from './column-facts.js';
import { countOf, keptBy } from './counts.js';
import { kindByHeadings, kindByName, kindOfFile } from './file-kind.js';

/** Larger files are looked at when it is their turn: each look reads the whole file. */
const LOOKED_AT_BYTES = 8 * 1024 * 1024;

/** The files that were given, in their order, and which of them it is the turn of. */
export const queue = reactive({ items: [], at: 0, isKindChosen: false });

/** The file whose turn it is, or null. */
export const current = computed(() => queue.items[queue.at] ?? null);

let lastId = 0;

/**
 * A file on its way. `state`: `looking`, then `seen` (there is a `preview`), `unseen` (too large to look at by the way) or
 * `unreadable` (`problem` says why); `done` and `skipped` at the end. `report` is what the import said. Until `isKnown`, what the
 * file holds is still being found out: nothing may be done with it as if it held something else.
 */
function itemOf(file) {
  return shallowReactive({
    id: (lastId += 1), file: markRaw(file), kind: dashboard.importKind, isKindChosen: queue.isKindChosen, reading: reactive(asFound()),
    state: 'looking', isKnown: false, preview: null, problem: null, report: null, undone: null, controller: null,
  });
}

/** Whether nothing has to be decided by a person. */
export const isClean = (item) => item.isKnown && isWithoutDoubt(item);

/** Whether every row goes in, and no column was guessed. */
function isWithoutDoubt({ state, preview }) {
  if (state !== 'seen' || !preview.usable) return false;
  const isSure = !preview.names_turned && !preview.columns?.some(isGuess);
  return isSure && countOf(preview, 'failed') === 0 && keptBy(preview) > 0;
}

export const isWaiting = ({ state }) => state !== 'done' && state !== 'skipped';

/** A file that is dropped twice is one file. */
const isSameFile = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

/** Takes files, and finds out what each of them holds. With `instead` they take the place of the file in turn. */
export async function addFiles(files, { instead = false } = {}) {
  const items = [...files].filter((file) => !queue.items.some((item) => isWaiting(item) && isSameFile(item.file, file))).map(itemOf);
  if (!items.length) return;
  // Rows that name no race most likely belong to the meet that is chosen.
  if (!queue.items.length) dashboard.importRace ??= meet.id;
  if (instead && current.value) queue.items.splice(queue.at, 1, ...items);
  else if (queue.items.every((item) => !isWaiting(item))) queue.items = items;
  else queue.items.push(...items);
  if (instead || !queue.items.some((item) => item.file === dashboard.importFile)) turnTo(Math.max(0, queue.items.indexOf(items[0])));
  for (const item of items) await getToKnow(item);
  stepOverUnreadable();
}

/** A file that cannot be read stays in the list with its reason, but stands in nobody's way. */
function stepOverUnreadable() {
  if (current.value?.state !== 'unreadable') return;
  const readable = queue.items.findIndex(({ state }) => state === 'seen' || state === 'unseen');
  if (readable >= 0) turnTo(readable);
}

/** Makes it the turn of a file: what the dashboard says is about it from now on. */
export function turnTo(at) {
  queue.at = at;
  const item = current.value;
  dashboard.importReading = item?.reading ?? asFound();
  if (item) dashboard.importKind = item.kind;
  dashboard.importFile = item?.file ?? null;
}

export function removeFile(item) {
  item.controller?.abort();
  const at = queue.items.indexOf(item);
  queue.items.splice(at, 1);
  turnTo(Math.min(queue.at > at ? queue.at - 1 : queue.at, Math.max(0, queue.items.length - 1)));
}

export function emptyQueue() {
  for (const item of queue.items) item.controller?.abort();
  queue.items = [];
  queue.isKindChosen = false;
  turnTo(0);
}

/** Somebody says what a file holds; without one, what the next file will hold. */
export function chooseKind(kind, item = current.value) {
  if (!item) {
    queue.isKindChosen = true;
    dashboard.importKind = kind;
    return;
  }
  item.isKindChosen = true;
  setKind(item, kind);
  void look(item);
}

function setKind(item, kind) {
  item.kind = kind;
  item.reading = reactive(asFound());
  if (item === current.value) turnTo(queue.at);
}

async function getToKnow(item) {
  try {
    await firstLook(item);
  } catch (error) {
    // It was moved or deleted since it was chosen.
    item.problem = error;
    item.state = 'unreadable';
  }
  item.isKnown = true;
}

async function firstLook(item) {
  const guess = await kindOfFile(item.file);
  const isDocument = /\.json$/i.test(item.file.name);
  // A document says itself what it holds; a table is what somebody said it is.
  if (item.kind !== guess && (!item.isKindChosen || isDocument)) setKind(item, guess);
  await look(item);
  // The headings of a workbook are known only now.
  const better = item.preview && !item.isKindChosen && !kindByName(item.file.name) && kindByHeadings(item.preview.header ?? []);
  if (better && better !== item.kind) {
    setKind(item, better);
    await look(item);
  }
  await tryAthletes(item);
}

/** A list of a club often names events beside its athletes. As entries none of it may fit, as athletes all of it. */
async function tryAthletes(item) {
  const { kind, preview } = item;
  if (item.isKindChosen || kindByName(item.file.name) || !['registrations', 'results'].includes(kind)) return;
  if (!preview?.usable || keptBy(preview) > 0 || countOf(preview, 'failed') === 0) return;
  setKind(item, 'athletes');
  await look(item);
  if (isWithoutDoubt(item)) return;
  setKind(item, kind);
  await look(item);
}

/** Asks what an import of a file would do, without anybody waiting for it. */
export async function look(item) {
  item.controller?.abort();
  item.preview = null;
  item.problem = null;
  if (item.file.size > LOOKED_AT_BYTES) {
    item.state = 'unseen';
    return;
  }
  const mine = new AbortController();
  item.controller = mine;
  item.state = 'looking';
  try {
    const preview = await lookAt({ file: item.file, kind: item.kind, reading: item.reading, signal: mine.signal });
    if (item.controller !== mine) return;
    item.preview = markRaw(preview);
    item.state = 'seen';
  } catch (error) {
    if (item.controller !== mine || isAbort(error)) return;
    item.problem = error;
    item.state = 'unreadable';
  }
}

// Integrations may put a file where the dashboard keeps it, and the set-up page does before this is loaded.
watch(() => dashboard.importFile, (file) => {
  if (file && file !== current.value?.file) void addFiles([file], { instead: true });
}, { immediate: true });

watch(() => dashboard.importKind, (kind) => {
  if (current.value && kind !== current.value.kind) chooseKind(kind);
});

// The next person starts with an empty table.
watch(() => session.state, (state) => state === 'out' && emptyQueue());
