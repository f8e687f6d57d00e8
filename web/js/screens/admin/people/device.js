// @ts-check
// Says in words what a user agent is. Names of products are the same in every language.

import { t } from '../../../core/i18n.js';

/**
 * In this order: a browser also names those it descends from.
 *
 * @type {[string, RegExp][]}
 */
const BROWSERS = [
  ['Edge', /\bEdg(A|iOS)?\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Chrome|HeadlessChrome|Chromium|CriOS)\//],
  ['Safari', /\bSafari\//],
];

/** @type {[string, RegExp][]} */
const SYSTEMS = [
  ['Android', /\bAndroid\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Windows', /\bWindows\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['macOS', /\bMac(intosh| OS X)\b/],
  ['Linux', /\b(Linux|X11)\b/],
];

const PHONES = ['Android', 'iPhone', 'iPad'];

/** @param {[string, RegExp][]} names @param {string} agent */
const find = (names, agent) => names.find(([, pattern]) => pattern.test(agent))?.[0] ?? '';

/**
 * What somebody signed in with: "Chrome on Android". A program that is no browser is called by its own name.
 *
 * @param {string | null | undefined} agent
 * @returns {{ name: string, kind: 'phone' | 'computer' | 'program' }}
 */
export function deviceOf(agent) {
  const text = agent ?? '';
  const browser = find(BROWSERS, text);
  const system = find(SYSTEMS, text);
  const kind = PHONES.includes(system) ? 'phone' : browser || system ? 'computer' : 'program';
  if (browser && system) return { name: t('device.browserOn', { browser, system }), kind };
  if (browser || system) return { name: browser || system, kind };
  const program = text.split(/[\s/(]/)[0];
  return { name: program ? t('device.program', { program }) : t('device.unknown'), kind };
}
