import { markRaw, watch } from '../../../core/vue.js';
import { current } from './queue.js';
import { useUndo } from './undo.js';

/** Taking back the import that was just shown. */
const way = useUndo();

export const busy = way.busy;
export const refusal = way.refusal;

export async function takeBack(rest) {
  const item = current.value;
  const done = await way.undo(item.report.import_id, { rest });
  if (done) item.undone = markRaw(done);
}

watch(current, () => {
  refusal.value = null;
});
