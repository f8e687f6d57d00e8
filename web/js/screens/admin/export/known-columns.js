// The headings of the exports, which are part of the API's contract. Those that come only when they are asked for stand in `more`;
// `hidden` ones are for who may read private fields.

/** @typedef {{ usual: string[], more: string[], hidden: string[] }} Known */

/** @type {Record<string, Known>} */
const COLUMNS = {
  athletes: {
    usual: ['id', 'name', 'country', 'gender', 'email', 'phone', 'club', 'coach', 'bib_number', 'date_of_birth'],
    more: ['year_of_birth', 'photo_url', 'user_id', 'created_at', 'updated_at'],
    hidden: ['email', 'phone', 'coach', 'date_of_birth', 'year_of_birth', 'user_id'],
  },
  races: {
    usual: ['id', 'name', 'date', 'location', 'status', 'created_at', 'description', 'registration_open', 'registration_deadline'],
    more: ['registration_link', 'updated_at'],
    hidden: [],
  },
  events: {
    usual: [
      'id', 'race_id', 'race', 'race_date', 'name', 'category', 'gender', 'age_group', 'distance', 'start_time', 'max_participants', 'created_at',
    ],
    more: ['updated_at'],
    hidden: [],
  },
  registrations: {
    usual: [
      'id', 'athlete_id', 'athlete_name', 'athlete_bib', 'bib_number', 'date_of_birth', 'club', 'event_id', 'event', 'gender', 'age_group', 'race',
      'race_date', 'registration_type', 'status', 'payment_status', 'seed_mark', 'heat_number', 'lane_number', 'confirmed_present', 'registered_at',
    ],
    more: ['country', 'updated_at'],
    hidden: ['date_of_birth'],
  },
  results: {
    usual: [
      'id', 'athlete_id', 'event_id', 'round', 'position', 'time_seconds', 'distance_meters', 'points', 'status', 'heat_number', 'lane_number',
      'wind_speed', 'is_record', 'record_type', 'recorded_at', 'athlete_name', 'athlete_bib', 'club', 'event', 'gender', 'age_group', 'race', 'race_date',
    ],
    more: ['country', 'recorded_by', 'updated_at'],
    hidden: [],
  },
  users: {
    usual: ['id', 'name', 'email', 'role', 'status', 'last_login', 'created_at'],
    more: ['two_factor_enabled', 'updated_at'],
    hidden: ['email', 'last_login'],
  },
};

const seen = (/** @type {string[]} */ names, /** @type {Known} */ { hidden }, /** @type {boolean} */ isFull) =>
  names.filter((name) => isFull || !hidden.includes(name));

/** What a file has when nobody chooses. @param {string} kind @param {boolean} isFull */
export const usualColumns = (kind, isFull) => (COLUMNS[kind] ? seen(COLUMNS[kind].usual, COLUMNS[kind], isFull) : []);

/** All that may be chosen. @param {string} kind @param {boolean} isFull */
export const knownColumns = (kind, isFull) =>
  (COLUMNS[kind] ? seen([...COLUMNS[kind].usual, ...COLUMNS[kind].more], COLUMNS[kind], isFull) : []);
