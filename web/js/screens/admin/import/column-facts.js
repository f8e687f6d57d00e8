/** Below this the server is guessing, in per cent. */
const SURE = 80;

/** A guess, or a column that was not understood though something stands in it. */
export const isDoubtful = ({ field, confidence, samples }) => confidence < SURE && (Boolean(field) || samples.length > 0);

/** A guess of what a column holds. One that is not used at all needs no decision. */
export const isGuess = ({ field, confidence }) => Boolean(field) && confidence < SURE;

/** Of a table that lacks columns the server may tell no more than its headings. */
export const columnsOf = (preview) => preview?.columns ?? preview?.header?.map((heading) => ({ heading, field: null, confidence: 0, samples: [] })) ?? null;

/** What somebody chose for a column, else what was found. @param {Record<string, string | null> | null} mapping */
export const fieldOf = ({ heading, field }, mapping) => (mapping && heading in mapping ? mapping[heading] : field) ?? '';
