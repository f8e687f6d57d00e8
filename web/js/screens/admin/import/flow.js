import { computed, markRaw, nextTick, ref, shallowRef, watch } from '../../../core/vue.js';
import { isAbort } from '../../../core/api.js';
import { dashboard } from '../../../core/dashboard.js';
import { t } from '../../../core/i18n.js';
import { toast } from '../../../ui/toast.js';
import { keptBy } from './counts.js';
import { current, emptyQueue, isClean, isWaiting, look as lookAside, queue, turnTo } from './queue.js';

/** The way of a file. */
export const STEPS = ['file', 'columns', 'check', 'work', 'done'];

/** How far the file in turn has come. The wizard shows the same in a dialog and on its page, and goes on when both are closed. */
export const step = ref('file');
export const checking = ref(false);
export const stopping = ref(false);
/** What stands in the way of the next step: an error, or `{ title, message, tone }`. */
export const problem = shallowRef(null);
/** Whether files are imported one after another without a person looking at each. */
export const isGoingOn = ref(false);

export const preview = computed(() => current.value?.preview ?? null);
export const report = computed(() => current.value?.report ?? null);

/** How many wizards are on the screen: what ends while nobody looks is told by a toast. */
const shown = ref(0);
export const enter = () => (shown.value += 1);
export const leave = () => (shown.value -= 1);

/** Called after a check, when new consequences are shown. */
export const whenChecked = shallowRef(() => {});

let controller = new AbortController();

/** A document has no columns to match. */
export const hasColumns = () => Boolean(preview.value?.columns ?? preview.value?.header);

// What happens to known rows and the like is the same for all files: what was looked at with other words is looked at again.
watch(() => [dashboard.importMode, dashboard.importOnDuplicate, dashboard.importCreatesAthletes, dashboard.importRace], () => {
  for (const item of queue.items) if (item.state === 'seen' && item !== current.value) void lookAside(item);
  if (step.value === 'check' || step.value === 'columns') void ask();
  else if (current.value && step.value === 'file' && current.value.state === 'seen') void ask();
});

watch(current, () => {
  problem.value = null;
  controller.abort();
  checking.value = false;
});
watch(() => current.value?.kind, () => {
  problem.value = null;
});

// What is being sent is lost with the page; an import that has begun is not.
addEventListener('beforeunload', (event) => {
  if (step.value === 'work' && dashboard.importProgress.phase === 'uploading') event.preventDefault();
});

function hasFile() {
  problem.value = current.value ? null : { title: t('import.noFileTitle'), message: t('import.noFile') };
  return Boolean(current.value);
}

/** Asks what would happen. A later question takes the place of one that is still open. @returns {Promise<boolean>} whether it is known */
export async function ask() {
  const item = current.value;
  const before = item.state;
  controller.abort();
  item.controller?.abort();
  const mine = new AbortController();
  controller = mine;
  checking.value = true;
  if (!item.preview) item.state = 'looking';
  try {
    const answer = await dashboard.performCheck({ signal: mine.signal });
    if (mine !== controller) return false;
    item.preview = markRaw(answer);
    item.state = 'seen';
    problem.value = null;
  } catch (error) {
    if (isAbort(error) && (mine === controller || item !== current.value)) item.state = before;
    if (mine !== controller) return false;
    checking.value = false;
    if (isAbort(error)) return false;
    problem.value = error;
    if (!item.preview) item.state = 'unreadable';
    if (!item.preview) step.value = 'file';
    return false;
  }
  checking.value = false;
  await nextTick();
  whenChecked.value();
  return true;
}

/** From the file to its columns, or to the check when it has none. */
export async function look() {
  if (!hasFile()) return;
  if (!preview.value && !(await ask())) return;
  step.value = hasColumns() ? 'columns' : 'check';
}

/** To the consequences, asked anew when they are not known. */
export async function check() {
  if (!hasFile()) return;
  if (!preview.value && !(await ask())) return;
  step.value = preview.value.usable ? 'check' : 'columns';
}

/** Imports the file in turn. @returns {Promise<boolean>} whether it came to an end */
export async function run() {
  if (!hasFile()) return false;
  const item = current.value;
  controller.abort();
  item.controller?.abort();
  controller = new AbortController();
  const from = step.value;
  stopping.value = false;
  checking.value = false;
  problem.value = null;
  step.value = 'work';
  try {
    item.report = markRaw(await dashboard.performImport({ signal: controller.signal }));
    item.state = 'done';
    step.value = 'done';
    if (!shown.value) toast(t('import.finishedAway', { n: keptBy(item.report) }));
    return true;
  } catch (error) {
    // A refusal of the whole file still says which rows were the reason.
    item.report = error.body?.error_details ? markRaw(error.body) : null;
    if (item.report) item.state = 'done';
    else if (item.state === 'looking') void lookAside(item);
    step.value = item.report ? 'done' : from;
    problem.value = isAbort(error) ? { title: t('import.stopped'), message: t('import.stoppedText'), tone: 'warn' } : error;
    if (!shown.value && !isAbort(error)) toast(t('import.failedAway'));
    return false;
  }
}

export function stop() {
  stopping.value = true;
  isGoingOn.value = false;
  controller.abort();
}

/** The files from the one in turn on that need nobody, one after another. */
export async function runClean() {
  isGoingOn.value = true;
  const items = queue.items.filter((item) => isWaiting(item) && isClean(item));
  for (const item of items) {
    turnTo(queue.items.indexOf(item));
    await nextTick();
    if (!(await run()) || !isGoingOn.value) break;
  }
  isGoingOn.value = false;
}

/** The next file that waits, or null. */
export const following = computed(() => queue.items.find((item) => isWaiting(item) && item !== current.value) ?? null);

/** To a waiting file: its first open question is shown. */
export async function open(item) {
  turnTo(queue.items.indexOf(item));
  await nextTick();
  step.value = 'file';
  if (item.state === 'seen') await look();
}

export const next = () => following.value && open(following.value);

export function skip() {
  const item = current.value;
  item.state = 'skipped';
  if (following.value) void next();
  else again();
}

/** To a step that has been reached. @returns {boolean} whether it could be shown */
export function goTo(name) {
  if (name === step.value) return true;
  const isOver = current.value?.state === 'done';
  const canLook = Boolean(preview.value) && !isOver && step.value !== 'work';
  const isOpen = {
    file: step.value !== 'work' && !isOver,
    columns: canLook && hasColumns(),
    check: canLook && preview.value.usable,
    work: false,
    done: isOver,
  }[name];
  if (!isOpen) return false;
  problem.value = null;
  step.value = name;
  return true;
}

export const isReachable = (name) => {
  const isOver = current.value?.state === 'done';
  if (step.value === 'work' || isOver) return false;
  if (name === 'file') return true;
  if (name === 'columns') return Boolean(preview.value) && hasColumns();
  return name === 'check' && Boolean(preview.value?.usable);
};

export const back = () => goTo(step.value === 'check' && hasColumns() ? 'columns' : 'file');

/** To an empty table. */
export function again() {
  problem.value = null;
  emptyQueue();
  step.value = 'file';
}
