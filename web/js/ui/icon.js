// @ts-check
import { h } from '../core/vue.js';

/** Drawn for athsys on a grid of 20 x 20 with a line of 1.6. @type {Record<string, string>} */
const PATHS = {
  alert: 'M10 3.5 17.5 16h-15zM10 8.5v3.5M10 14h.01',
  back: 'm12 5-5 5 5 5',
  calendar: 'M3.5 5.5h13v11h-13zM3.5 9h13M7 3v4M13 3v4',
  check: 'm4 10.5 4 4 8-9',
  close: 'm5 5 10 10M15 5 5 15',
  download: 'M10 3.5v9M10 12.5 6.5 9M10 12.5 13.5 9M4 16.5h12',
  file: 'M5 2.5h7l3.5 3.5v11.5H5zM12 2.5V6h3.5',
  forward: 'm8 5 5 5-5 5',
  globe: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM3 10h14M10 3c2.5 2.2 2.5 11.8 0 14M10 3c-2.5 2.2-2.5 11.8 0 14',
  home: 'M3.5 9 10 3.5 16.5 9v7a.8.8 0 0 1-.8.8H4.3a.8.8 0 0 1-.8-.8zM8 16.5v-5h4v5',
  info: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.5v4M10 6.8h.01',
  menu: 'M3.5 6h13M3.5 10h13M3.5 14h13',
  moon: 'M16.5 11.5A6.8 6.8 0 0 1 8.5 3.5a6.8 6.8 0 1 0 8 8z',
  out: 'M8 3.5H4.5v13H8M12.5 6.5 16 10l-3.5 3.5M16 10H8',
  people: 'M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 16.5c0-3 2-4.7 5-4.7s5 1.7 5 4.7M13 4a2.8 2.8 0 0 1 0 5.4M14.3 12.2c2 .5 3.2 2 3.2 4.3',
  plus: 'M10 4v12M4 10h12',
  screen: 'M2.5 4.5h15v9h-15zM7 16.5h6M10 13.5v3',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.5 13.5 17 17',
  sun: 'M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM10 2.5V4M10 16v1.5M2.5 10H4M16 10h1.5M4.7 4.7l1 1M14.3 14.3l1 1M4.7 15.3l1-1M14.3 5.7l1-1',
  undo: 'M7 8H3.5V4.5M3.8 8A6.5 6.5 0 1 1 3.5 11',
  upload: 'M10 16V4M10 4 5.5 8.5M10 4l4.5 4.5',
};

/** @param {keyof typeof PATHS} name decoration only: the words beside it, or the label of its button, say what it means */
export const icon = (name) => h('svg', { class: 'icon', viewBox: '0 0 20 20', 'aria-hidden': 'true' }, [h('path', { d: PATHS[name] })]);
