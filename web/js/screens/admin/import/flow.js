import { nextTick, onUnmounted, ref, shallowRef, watch } from '../../../core/vue.js';
import { isAbort } from '../../../core/api.js';
import { asFound, dashboard } from '../../../core/dashboard.js';
import { t } from '../../../core/i18n.js';
import { toast } from '../../../ui/toast.js';
import { keptBy } from './counts.js';

/** Whether two repairs are about the same cells. */
const isSame = (one, other) => one.column === other.column && one.row === other.row && one.from === other.from;

/**
 * The way of one file from its choice to its report. What is chosen stands in `dashboard`; here is how far it has come.
 * `checked` is called when new consequences are shown.
 */
export function useImport({ checked }) {
  const step = ref('choose'); // choose, check, work, report
  const checking = ref(false);
  const stopping = ref(false);
  const preview = shallowRef(null);
  const report = shallowRef(null);
  const problem = shallowRef(null);
  let controller = new AbortController();
  let isShown = true;
  onUnmounted(() => {
    isShown = false;
    // An import that has begun goes on; the history tells of it.
    if (step.value !== 'work') controller.abort();
  });

  // Another file, or other rows in it: nothing that was said about the last one holds.
  watch(() => [dashboard.importKind, dashboard.importFile], () => {
    dashboard.importReading = asFound();
    preview.value = null;
    problem.value = null;
  });
  watch(() => [dashboard.importMode, dashboard.importOnDuplicate, dashboard.importCreatesAthletes, dashboard.importRace], () => {
    if (step.value === 'check') void check();
  });

  function hasFile() {
    problem.value = dashboard.importFile ? null : { title: t('import.noFileTitle'), message: t('import.noFile') };
    return Boolean(dashboard.importFile);
  }

  /** Asks what would happen. A later question takes the place of one that is still open. */
  async function check() {
    if (!hasFile()) return;
    controller.abort();
    const mine = new AbortController();
    controller = mine;
    step.value = 'check';
    checking.value = true;
    try {
      const answer = await dashboard.performCheck({ signal: mine.signal });
      if (mine !== controller) return;
      preview.value = answer;
    } catch (error) {
      if (mine !== controller || isAbort(error)) return;
      problem.value = error;
      if (!preview.value) step.value = 'choose';
    }
    checking.value = false;
    await nextTick();
    checked();
  }

  async function run() {
    if (!hasFile()) return;
    controller.abort();
    controller = new AbortController();
    const from = step.value;
    stopping.value = false;
    checking.value = false;
    step.value = 'work';
    try {
      report.value = await dashboard.performImport({ signal: controller.signal });
      step.value = 'report';
      if (!isShown) toast(t('import.finishedAway', { n: keptBy(report.value) }));
    } catch (error) {
      // A refusal of the whole file still says which rows were the reason.
      report.value = error.body?.error_details ? error.body : null;
      step.value = report.value ? 'report' : from;
      problem.value = isAbort(error) ? { title: t('import.stopped'), message: t('import.stoppedText'), tone: 'warn' } : error;
      if (!isShown && !isAbort(error)) toast(t('import.failedAway'));
    }
  }

  function stop() {
    stopping.value = true;
    controller.abort();
  }

  function set(changes) {
    Object.assign(dashboard.importReading, changes);
    void check();
  }

  /** What a column is. All that was remembered is sent along: what is sent takes its place. */
  function match(heading, field) {
    const { mapping } = dashboard.importReading;
    const before = mapping ?? (preview.value.mapping_remembered ? preview.value.mapping : {});
    set({ mapping: { ...before, [heading]: field || null } });
  }

  function mend(repairs) {
    // What was mended wrongly is mended where it began: the file still holds the first text. Blank cells may be of both sorts.
    const isNext = (repair, one) => repair.column === one.column && repair.row === undefined && repair.from === one.to;
    const before = dashboard.importReading.repairs;
    const again = before.map((one) => ({ ...one, to: repairs.find((repair) => isNext(repair, one))?.to ?? one.to }));
    const added = repairs.filter((repair) => repair.from === '' || !before.some((one) => isNext(repair, one)));
    const others = again.filter((one) => !added.some((repair) => isSame(one, repair)));
    set({ repairs: [...others, ...added] });
  }

  const unmend = (repair) => set({ repairs: dashboard.importReading.repairs.filter((one) => !isSame(one, repair)) });

  /** Does what the server proposes. */
  function accept(proposals) {
    const parameters = proposals.flatMap(({ parameter }) => parameter ?? []);
    for (const { name, value } of parameters) {
      if (name === 'create_athletes') dashboard.importCreatesAthletes = value === 'true';
      if (name === 'on_duplicate') dashboard.importOnDuplicate = value;
    }
    const repairs = proposals.flatMap((proposal) => proposal.repairs ?? []);
    if (repairs.length) mend(repairs);
  }

  function back() {
    step.value = 'choose';
    problem.value = null;
  }

  function again() {
    back();
    report.value = null;
    preview.value = null;
    dashboard.importFile = null;
  }

  return { step, checking, stopping, preview, report, problem, check, run, stop, set, match, mend, unmend, accept, back, again };
}
