// @ts-check
import { onUnmounted, reactive, watch } from '../core/vue.js';

/** Rows are drawn anew once for every so many rows scrolled. */
const STEP = 4;
/** Rows drawn above the view, so that the next step is there before it is seen. */
const ABOVE = 6;
/** Rows drawn besides those in view. */
const SPARE = 14;
/** Rows in the document, except on a screen that itself shows more. */
const MOST = 56;
/** Narrower than this, columns that are not essential go away. */
const NARROW_REM = 44;

/**
 * Which part of a long table is in view. The height of a row is measured, so it follows the person's font size and the pointer.
 *
 * @param {{ value: HTMLElement | null }} box the table, which scrolls in itself or, on phones, with the page
 * @param {{ value: HTMLElement | null }} body what is as high as all rows together
 * @param {{ value: number }} count
 */
export function useViewport(box, body, count) {
  const view = reactive({ first: 0, rows: 24, height: 36, narrow: false });
  /** @type {HTMLElement | null} */
  let scroller = null;
  let headHeight = 0;
  const observer = new ResizeObserver(() => measure());

  /** How far the first row lies above the upper edge. */
  function above() {
    if (!scroller || !body.value) return 0;
    return scroller.getBoundingClientRect().top + headHeight - body.value.getBoundingClientRect().top;
  }

  function scrolled() {
    const top = Math.floor(above() / view.height / STEP) * STEP - ABOVE;
    const first = Math.max(0, Math.min(top, count.value - 1));
    if (first !== view.first) view.first = first;
  }

  function measure() {
    const element = box.value;
    if (!element || !element.isConnected || !element.clientWidth) return;
    attach(element);
    const row = /** @type {HTMLElement | null} */ (element.querySelector('.vbody .vrow'));
    headHeight = /** @type {HTMLElement | null} */ (element.querySelector('.vhead'))?.offsetHeight ?? 0;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    view.height = row?.offsetHeight || view.height;
    view.narrow = element.clientWidth < NARROW_REM * rem;
    const seen = Math.ceil((scroller?.clientHeight ?? 600) / view.height);
    view.rows = Math.max(seen + STEP + 2, Math.min(MOST, seen + SPARE));
    scrolled();
  }

  function attach(/** @type {HTMLElement} */ element) {
    const own = getComputedStyle(element).overflowY !== 'visible';
    const next = own ? element : (/** @type {HTMLElement | null} */ (element.closest('.dialog > .body, .main')) ?? element);
    if (next === scroller) return;
    detach();
    scroller = next;
    scroller.addEventListener('scroll', scrolled, { passive: true });
    observer.observe(scroller);
    observer.observe(element);
  }

  function detach() {
    scroller?.removeEventListener('scroll', scrolled);
    observer.disconnect();
    scroller = null;
  }

  /** Scrolls as little as is needed to show a row whole. @param {number} index */
  function moveTo(index) {
    if (!scroller || !body.value) return;
    const top = body.value.getBoundingClientRect().top - scroller.getBoundingClientRect().top + index * view.height;
    const below = top + view.height - scroller.clientHeight;
    if (top < headHeight) scroller.scrollTop += top - headHeight;
    else if (below > 0) scroller.scrollTop += below;
  }

  function toTop() {
    if (above() > 0) moveTo(0);
    scrolled();
  }

  // The table goes away while nothing matches, and comes back.
  watch(box, (element) => element ? measure() : detach(), { flush: 'post' });
  onUnmounted(detach);

  return { view, measure, moveTo, toTop };
}
