// @ts-check

/**
 * What the keys and the boxes of a VTable do: arrows, Page up and down, Home and End move; Space selects; with Shift the selection
 * goes along; Ctrl A selects all that match; Enter opens; Escape lets go of the selection.
 *
 * @param {{ props: any, box: { value: HTMLElement | null }, view: { height: number }, cursor: { value: number }, count: { value: number },
 *   goTo: (index: number) => void, open: (index: number) => void }} table
 */
export function useTableKeys({ props, box, view, cursor, count, goTo, open }) {
  /** Where a selection with Shift begins. */
  let anchor = 0;

  const page = () => Math.max(1, Math.floor((box.value?.clientHeight ?? 0) / view.height) - 2);

  /** @type {Record<string, () => number>} */
  const targets = {
    ArrowDown: () => cursor.value + 1,
    ArrowUp: () => cursor.value - 1,
    PageDown: () => cursor.value + page(),
    PageUp: () => cursor.value - page(),
    Home: () => 0,
    End: () => count.value - 1,
  };

  /** Selects everything from the anchor to a row; rows that were never in view are read first. @param {number} index */
  async function extend(index) {
    const rows = await props.source.rowsBetween(Math.min(anchor, index), Math.max(anchor, index));
    props.selection.add(rows.filter(Boolean).map((/** @type {any} */ row) => row.id));
  }

  /** @param {number} index */
  function toggle(index) {
    const row = props.source.rowAt(index);
    if (!row || !props.selection) return;
    props.selection.toggle(row.id);
    anchor = index;
  }

  /** A press on the box of a row. @param {number} index @param {MouseEvent} event */
  function press(index, event) {
    if (event.shiftKey) {
      event.preventDefault();
      getSelection()?.removeAllRanges();
      void extend(index);
    } else toggle(index);
    cursor.value = index;
  }

  /** @param {KeyboardEvent} event */
  function down(event) {
    if (event.target !== box.value || event.altKey) return;
    const { key, shiftKey } = event;
    const command = event.ctrlKey || event.metaKey;
    if (command && key.toLowerCase() === 'a' && props.selection) void props.selection.all();
    else if (command && !targets[key]) return;
    else if (targets[key]) {
      const before = cursor.value;
      goTo(targets[key]());
      if (shiftKey && props.selection) {
        if (!props.selection.ids.value.size) anchor = before;
        void extend(cursor.value);
      } else anchor = cursor.value;
    } else if (key === ' ') toggle(cursor.value);
    else if (key === 'Enter') open(cursor.value);
    else if (key === 'Escape' && props.selection?.ids.value.size) props.selection.clear();
    else return;
    event.preventDefault();
  }

  return { down, press };
}
