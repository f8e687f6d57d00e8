/** The endings of files that can be read, as a file picker wants them. */
export const ENDINGS = '.csv,.txt,.tsv,.xlsx,.xlsm,.json,.ndjson,.jsonl';

const LISTS = /"(users|athletes|races|events|registrations|results)"\s*:\s*\[/g;
const LOOKED_AT_BYTES = 64 * 1024;
const HEADING_LINES = 8;

/** What a file's name says, in the languages that clubs write. The first that fits wins. */
const NAMES = [
  ['athletes', /athlet|atleta|sportler|wanariadha/i],
  ['results', /result|ergebnis|r[ée]sultat|matokeo/i],
  ['registrations', /entries|entry|regist|meldung|inscri|engag|nomin/i],
  ['events', /events?\b|disziplin|[ée]preuve|prueba|timetable|zeitplan/i],
  ['races', /races?\b|meets?\b|wettk[äa]mpf|comp[ée]tition/i],
  ['users', /users?\b|accounts?\b|benutzer|usuario|utilisateur/i],
];

/** Words of headings that only one kind of rows has. */
const RESULT = new RegExp(`^(${[
  'mark|result|resultat|ergebnis|leistung|marca|performance|perf|time|time seconds|zeit|temps|tiempo|distance meters|wind',
  'place|position|rank|rang|platz|puesto|classement',
].join('|')})$`);
const EVENT = /^(event( \d+)?|events|event name|event id|discipline|disziplin|wettbewerb|prueba|epreuve|seed( mark| time)?|registration type)$/;
/** Entries are often a table with a column for each event. */
const WIDE_EVENT = new RegExp(`^(${[
  '\\d[\\d.]* ?(m|km|metres|meters)( hurdles| h)?',
  '\\d ?x ?\\d+ ?m?',
  '(long|high|triple) jump|pole vault|shot put|discus|javelin|hammer( throw)?|marathon',
].join('|')})$`);

/**
 * What a file most likely holds. A document names its lists; a table tells by its name, else by its headings.
 *
 * @param {File} file
 * @returns {Promise<string>}
 */
export async function kindOfFile(file) {
  const start = await file.slice(0, LOOKED_AT_BYTES).text();
  if (/\.json$/i.test(file.name)) return kindOfDocument(start) ?? kindByName(file.name) ?? 'athletes';
  if (/\.xls[xm]$/i.test(file.name)) return kindByName(file.name) ?? 'athletes'; // its headings are the server's to read
  const named = kindByName(file.name);
  if (named) return named;
  const lines = start.split(/\r\n|\r|\n/, HEADING_LINES);
  const known = /\.(ndjson|jsonl)$/i.test(file.name) ? membersIn(lines[0]) : lines.flatMap(cellsIn);
  return kindByHeadings(known) ?? 'athletes';
}

/** What a table with these headings holds; null when they do not tell. @param {string[]} headings */
export function kindByHeadings(headings) {
  const words = headings.map(plain);
  const has = (...names) => names.some((name) => words.includes(name));
  const isPerson = has('country', 'nation', 'club', 'bib', 'bib number', 'athlete', 'athlete name', 'athlete id');
  if (has('role', 'password') && has('email', 'e mail')) return 'users';
  if (has('max participants') || (has('race', 'race id') && has('category', 'distance') && !isPerson)) return 'events';
  if (has('date', 'datum', 'fecha') && has('location', 'venue', 'ort', 'lieu', 'lugar') && !isPerson) return 'races';
  const names = words.some((word) => EVENT.test(word));
  if (names && words.some((word) => RESULT.test(word))) return 'results';
  if (names || words.filter((word) => WIDE_EVENT.test(word)).length > 0) return 'registrations';
  return null;
}

function kindOfDocument(text) {
  const named = new Set([...text.matchAll(LISTS)].map(([, name]) => name));
  if (named.size > 1 || /"data"\s*:\s*\{/.test(text)) return 'bulk';
  return [...named][0] ?? null;
}

/** What a file's name says; null when it does not. @param {string} name */
export const kindByName = (name) => NAMES.find(([, pattern]) => pattern.test(name))?.[0] ?? null;

const cellsIn = (line) => line.split(/[,;\t|]/).map((cell) => cell.trim().replace(/^"|"$/g, ''));

function membersIn(line) {
  try {
    return Object.keys(JSON.parse(line)).map((name) => name.replace(/[A-Z]/g, (letter) => ` ${letter}`));
  } catch {
    return []; // the server says better what is wrong with it
  }
}

/** Without case, accents and signs between words. */
const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9.]+/g, ' ').trim();
