import { dashboard } from '../../../core/dashboard.js';
import { fmtDay } from '../../../core/format.js';
import { hasText, setLanguage, t } from '../../../core/i18n.js';
import { go } from '../../../core/router.js';
import { may } from '../../../core/session.js';
import { setTheme } from '../../../core/theme.js';
import { languages } from '../../../ui/language-menu.js';
import { THEMES } from '../../../ui/theme-menu.js';
import { showKeyList } from './key-list.js';
import { ADDABLE, GO_KEYS, visibleLinks } from './navigation.js';
import { leave } from './person-menu.js';

/**
 * One line of the palette: where it leads (`to`) or what it does (`run`). `words` are searched too; `keys` do the same without it.
 *
 * @typedef {{ id: string, icon: string, label: string, hint?: string, words?: string, keys?: string, to?: string, run?: () => void }} Entry
 */

/** So many of each kind are shown; the rest is a list's business. */
const SHOWN = 5;

/** Every screen of the navigation and the person's own. @returns {Entry[]} */
export function screenEntries() {
  const links = visibleLinks().map(({ to, icon, text, group }) => {
    const keys = GO_KEYS[to] && `g ${GO_KEYS[to]}`;
    return { id: to, to, icon, label: t(text), words: t(group), keys };
  });
  const own = '/admin/profile';
  return [...links, { id: own, to: own, icon: 'person', label: t('account.profile'), keys: `g ${GO_KEYS[own]}` }];
}

/** Everything that can be done from anywhere. @returns {Entry[]} */
export function commandEntries() {
  return [
    ...ADDABLE.filter(({ action }) => may(action)).map(addEntry),
    may('admin') && { id: 'import', icon: 'upload', label: t('command.import'), run: () => (dashboard.showImportModal = true) },
    may('athletes.write') && { id: 'duplicates', to: '/admin/athletes/duplicates', icon: 'people', label: t('command.duplicates') },
    ...THEMES.map(themeEntry),
    ...languages().map(languageEntry),
    { id: 'keys', icon: 'keyboard', label: t('keys.title'), keys: '?', run: showKeyList },
    { id: 'sessions', to: '/admin/profile?part=own-sessions', icon: 'screen', label: t('account.sessions') },
    { id: 'docs', icon: 'file', label: t('docs.link'), run: () => location.assign('/api/docs') },
    { id: 'sign-out', icon: 'out', label: t('account.signOut'), run: leave },
  ].filter(Boolean);
}

const addEntry = ({ name, path }) => ({ id: `new-${name}`, to: `${path}?id=new`, icon: 'plus', label: t(`command.new.${name}`) });

const themeEntry = ([choice, icon]) => ({
  id: `theme-${choice}`,
  icon,
  label: t('command.theme', { theme: t(`theme.${choice}`) }),
  run: () => setTheme(choice),
});

const languageEntry = (name) => ({
  id: `language-${name}`,
  icon: 'language',
  label: t('command.language', { language: t(`language.${name}`) }),
  // Without the new texts the page stays as it is.
  run: () => setLanguage(name).catch(() => {}),
});

/** The entries in which every typed word begins some word, best first. @param {Entry[]} entries @param {string} text */
export function matching(entries, text) {
  const wanted = plain(text).split(/\s+/).filter(Boolean);
  const scored = entries.map((entry) => ({ entry, score: score(entry, wanted) })).filter(({ score }) => score > 0);
  return scored.sort((a, b) => b.score - a.score).slice(0, SHOWN).map(({ entry }) => entry);
}

function score({ label, hint = '', words = '' }, wanted) {
  const title = plain(label).split(/[\s:,]+/);
  const others = plain(`${hint} ${words}`).split(/[\s:,]+/);
  let sum = 0;
  for (const word of wanted) {
    const at = title.findIndex((one) => one.startsWith(word));
    if (at === 0) sum += 3;
    else if (at > 0) sum += 2;
    else if (others.some((one) => one.startsWith(word))) sum += 1;
    else return 0;
  }
  return sum;
}

/** Letters as they are typed in a hurry: small and without accents. @param {string} text */
const plain = (text) => text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();

/** What the server has found, as groups of entries. @param {any} hits @returns {{ title: string, entries: Entry[] }[]} */
export function hitGroups(hits) {
  const { text, athletes = [], races = [], events = [], users = [] } = hits ?? {};
  const all = {
    id: 'all-athletes', to: `/admin/athletes?q=${encodeURIComponent(text)}`, icon: 'search', label: t('palette.allAthletes', { text }),
  };
  const groups = [
    { title: 'nav.athletes', entries: [...athletes.slice(0, SHOWN).map(athleteEntry), ...(athletes.length > SHOWN ? [all] : [])] },
    { title: 'nav.races', entries: races.slice(0, SHOWN).map(raceEntry) },
    { title: 'nav.events', entries: events.slice(0, SHOWN).map(eventEntry) },
    { title: 'nav.users', entries: users.slice(0, SHOWN).map(userEntry) },
  ];
  return groups.filter(({ entries }) => entries.length);
}

const joined = (...parts) => parts.filter(Boolean).join(' · ');

const athleteEntry = ({ id, name, bibNumber, country, clubTeam }) => {
  const to = `/admin/athletes?id=${id}`;
  return { id: to, to, icon: 'person', label: name, hint: joined(bibNumber && t('palette.bib', { bib: bibNumber }), clubTeam, country) };
};

const raceEntry = ({ id, name, date, location }) => {
  const to = `/admin/races?id=${id}`;
  return { id: to, to, icon: 'calendar', label: name, hint: joined(fmtDay(date), location) };
};

const eventEntry = ({ id, name, gender, raceName }) => {
  const to = `/admin/events?id=${id}`;
  const words = gender && hasText(`eventGender.${gender}`) ? t(`eventGender.${gender}`) : '';
  return { id: to, to, icon: 'stopwatch', label: name, hint: joined(words, raceName) };
};

const userEntry = ({ id, name, role }) => {
  const to = `/admin/users?id=${id}`;
  return { id: to, to, icon: 'shield', label: name, hint: t(`role.${role}`) };
};

/** Does what an entry stands for. @param {Entry} entry */
export function perform({ to, run }) {
  if (run) run();
  else if (to === '/') location.assign(to);
  else if (to) go(to);
}
