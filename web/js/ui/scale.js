// @ts-check

const STEPS = [1, 2, 3, 4, 5, 6, 8, 10];

/**
 * The upper end of an axis: a round number that nothing exceeds.
 *
 * @param {number} largest
 * @param {{ whole?: boolean }} [options] `whole` for things that are counted: its half is whole too
 */
export function niceMax(largest, { whole = false } = {}) {
  const least = whole ? Math.max(2, largest) : Math.max(largest, 1e-6);
  const power = 10 ** Math.floor(Math.log10(least));
  const steps = whole ? STEPS.filter((step) => (step * power) % 2 === 0) : STEPS;
  const fitting = steps.find((step) => step * power >= least - 1e-9);
  return (fitting ?? 20) * power;
}

/**
 * A line through known values, broken where one is missing, in a square of 100.
 *
 * @param {(number | null | undefined)[]} values
 * @param {number} max
 * @returns {string} what a `path` draws
 */
export function linePath(values, max) {
  const step = values.length > 1 ? 100 / (values.length - 1) : 0;
  let pen = 'M';
  return values.map((value, i) => {
    if (typeof value !== 'number') {
      pen = 'M';
      return '';
    }
    const point = `${pen}${(i * step).toFixed(2)} ${(100 - (value / max) * 100).toFixed(2)}`;
    pen = 'L';
    return point;
  }).join('');
}

/**
 * Points between two missing ones, of which a line shows nothing.
 *
 * @param {(number | null | undefined)[]} values
 * @param {number} max
 * @returns {string} what a `path` with round ends draws
 */
export function dotPath(values, max) {
  const known = (/** @type {number} */ i) => typeof values[i] === 'number';
  const lone = values.map((value, i) => (known(i) && !known(i - 1) && !known(i + 1) ? value : null));
  return linePath(lone, max).replaceAll(/(M[^M]+)/g, '$1h0.01');
}
