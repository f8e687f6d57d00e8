// @ts-check
import { locale } from './i18n.js';

const EN_DASH = '\u2013';

/**
 * A formatter of the present language, made when it is first needed.
 *
 * @template T
 * @param {(locale: string) => T} make
 */
export function local(make) {
  let madeFor = '';
  /** @type {T} */
  let made;
  return () => {
    if (madeFor !== locale()) {
      madeFor = locale();
      made = make(madeFor);
    }
    return made;
  };
}

const numbers = local((locale) => new Intl.NumberFormat(locale));
const dates = local((locale) => new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }));
const days = local((locale) => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }));
const clock = local((locale) => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }));
const moments = local((locale) => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }));

/** @param {number} value */
export const fmtNumber = (value) => numbers().format(value);

/**
 * A calendar date has no time zone: it is read and written as UTC so that it never moves by a day.
 *
 * @param {string | null | undefined} text
 */
export const fmtDate = (text) => calendar(dates(), text);

/** The same without the day of the week, for tables. @param {string | null | undefined} text */
export const fmtDay = (text) => calendar(days(), text);

/** @param {Intl.DateTimeFormat} format @param {string | null | undefined} text */
function calendar(format, text) {
  const date = new Date(`${String(text ?? '').slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? String(text ?? '') : format.format(date);
}

/** @param {number | Date} time */
export const fmtClock = (time) => clock().format(time);

/** @param {string | null | undefined} text RFC 3339 */
export function fmtMoment(text) {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? '' : moments().format(date);
}

/** @param {number} bytes */
export function fmtBytes(bytes) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** step;
  const digits = step === 0 || value >= 100 ? 0 : 1;
  const style = { style: 'unit', unit: units[step], unitDisplay: step === 0 ? 'long' : 'short', maximumFractionDigits: digits };
  return new Intl.NumberFormat(locale(), /** @type {Intl.NumberFormatOptions} */ (style)).format(value);
}

/**
 * A running time as it is printed: rounded up to 0.01 s, as track times are. Marks keep the point in every language.
 *
 * @param {number} seconds exact to 0.001 s
 */
export function fmtTime(seconds) {
  const hundredths = Math.ceil(Math.round(seconds * 1000) / 10);
  const fraction = String(hundredths % 100).padStart(2, '0');
  const whole = Math.floor(hundredths / 100);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = whole % 60;
  if (hours) return `${hours}:${two(minutes)}:${two(rest)}.${fraction}`;
  return minutes ? `${minutes}:${two(rest)}.${fraction}` : `${rest}.${fraction}`;
}

/** @param {number} value */
const two = (value) => String(value).padStart(2, '0');

/** @param {number} metres */
export const fmtDistance = (metres) => metres.toFixed(2);

/** @param {number} wind metres a second, always with its sign */
export const fmtWind = (wind) => (wind < 0 ? '\u2212' : '+') + Math.abs(wind).toFixed(1);

/** An empty cell is a dash, so that it is seen to be empty and not still loading. @param {unknown} value */
export const orDash = (value) => (value === null || value === undefined || value === '' ? EN_DASH : value);

const hours = local((locale) => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }));
const wholeDays = local((locale) => new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' }));
const percents = local((locale) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }));
const millis = local((locale) => new Intl.NumberFormat(locale, { style: 'unit', unit: 'millisecond', unitDisplay: 'short', maximumSignificantDigits: 2 }));
const ago = local((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }));

/** The time of day without seconds. @param {string | number | Date} time */
export const fmtHour = (time) => {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : hours().format(date);
};

/** Today in words, here where the person is. @param {Date} date */
export const fmtToday = (date) => wholeDays().format(date);

/** @param {number} share from 0 to 1 */
export const fmtPercent = (share) => percents().format(share);

/** @param {number} value milliseconds, to two digits that count */
export const fmtMillis = (value) => (value >= 100 ? fmtUnit(Math.round(value), 'millisecond') : millis().format(value));

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const STEPS = [['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]];

/**
 * "3 min ago". A clock that goes a little wrong does not lead into the future.
 *
 * @param {string | number | Date} time
 * @param {number} [now]
 */
export function fmtAgo(time, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - new Date(time).getTime()) / 1000));
  if (Number.isNaN(seconds)) return '';
  // Within a minute nobody counts.
  if (seconds < 60) return ago().format(0, 'second');
  const [unit, length] = STEPS.find(([, step]) => seconds >= step) ?? STEPS[3];
  return ago().format(-Math.floor(seconds / length), unit);
}

/** A length of time in its largest unit: "4 hours". @param {number} seconds */
export function fmtSpan(seconds) {
  const [unit, length] = STEPS.find(([, step]) => seconds >= step) ?? STEPS[3];
  return fmtUnit(Math.floor(seconds / length), unit);
}

/** @param {number} value @param {string} unit */
function fmtUnit(value, unit) {
  const style = { style: 'unit', unit, unitDisplay: unit === 'millisecond' ? 'short' : 'long' };
  return new Intl.NumberFormat(locale(), /** @type {Intl.NumberFormatOptions} */ (style)).format(value);
}
