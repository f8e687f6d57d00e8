// @ts-check
/**
 * What can be set on the server, as the page shows it. Names are those of the API; the texts are under `setting.<name>`.
 *
 * @typedef {{ name: string, kind: 'text' | 'switch' | 'number' | 'language' | 'languages' | 'days', unit?: string }} Setting
 *   `unit` is the key of what stands behind a number
 * @type {{ group: string, settings: Setting[] }[]}
 */
export const GROUPS = [
  {
    group: 'languages',
    settings: [
      { name: 'defaultLanguage', kind: 'language' },
      { name: 'languages', kind: 'languages' },
    ],
  },
  {
    group: 'registration',
    settings: [
      { name: 'publicRegistration', kind: 'switch' },
      { name: 'selfRegistration', kind: 'switch' },
    ],
  },
  {
    group: 'privacy',
    settings: [
      { name: 'privacyContact', kind: 'text' },
      { name: 'keepContactsDays', kind: 'days' },
    ],
  },
  {
    group: 'limits',
    settings: [
      { name: 'readsPerMinute', kind: 'number', unit: 'perMinute' },
      { name: 'writesPerMinute', kind: 'number', unit: 'perMinute' },
      { name: 'importsPerHour', kind: 'number', unit: 'perHour' },
      { name: 'registrationsPerHour', kind: 'number', unit: 'perHour' },
    ],
  },
  {
    group: 'files',
    settings: [
      { name: 'maxCsvMib', kind: 'number', unit: 'mib' },
      { name: 'maxJsonMib', kind: 'number', unit: 'mib' },
      { name: 'maxXlsxMib', kind: 'number', unit: 'mib' },
      { name: 'maxXlsxRows', kind: 'number', unit: 'rows' },
      { name: 'keepImportFilesDays', kind: 'number', unit: 'days' },
      { name: 'keepImportFilesMib', kind: 'number', unit: 'mib' },
    ],
  },
];

/** Days that contact data may be kept for; 0 is without end. */
export const KEPT_FOR = ['0', '30', '90', '365'];

/** @type {Setting} */
export const NAME_OF_ORGANISATION = { name: 'organisationName', kind: 'text' };

export const ALL_SETTINGS = [NAME_OF_ORGANISATION, ...GROUPS.flatMap(({ settings }) => settings)];

/** A language as those who speak it call it. @param {string} language */
export function nameOfLanguage(language) {
  const name = new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language;
  return name.slice(0, 1).toLocaleUpperCase(language) + name.slice(1);
}
