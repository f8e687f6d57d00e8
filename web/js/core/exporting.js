// @ts-check
import { client } from './api.js';

const LINE_FEED = 10;

/**
 * Where an export comes from: administrators get every field, others what their role may see.
 *
 * @param {string} kind
 * @param {string} format
 * @param {boolean} isAdmin
 */
export function exportPath(kind, format, isAdmin) {
  if (isAdmin) return { path: `/api/admin/export/${kind}-${format}`, parameters: {} };
  return { path: `/api/${kind}/export`, parameters: { format } };
}

/**
 * Fetches an export piece by piece.
 *
 * @param {string} path
 * @param {{ query?: object, signal?: AbortSignal, onProgress?: (progress: { bytes: number, rows: number }) => void }} options
 *   `rows` are the ends of lines so far: in CSV and NDJSON about one a row
 */
export async function takeExport(path, { query, signal, onProgress = () => {} }) {
  const response = await client.send(path, { query, signal, timeout: 0 });
  const chunks = [];
  let bytes = 0;
  let rows = 0;
  for await (const chunk of chunksOf(response)) {
    chunks.push(chunk);
    bytes += chunk.length;
    rows += lineEnds(chunk);
    onProgress({ bytes, rows });
  }
  const type = response.headers.get('Content-Type') ?? '';
  return { blob: new Blob(chunks, { type }), name: nameOf(response) };
}

/**
 * The first lines of an export as the file has them. The rest is not sent.
 *
 * @param {string} path
 * @param {{ query?: object, signal?: AbortSignal, enough: (text: string) => boolean }} options `enough` is asked after each piece
 */
export async function startOfExport(path, { query, signal, enough }) {
  const stop = new AbortController();
  signal?.addEventListener('abort', () => stop.abort());
  const response = await client.send(path, { query, signal: stop.signal, timeout: 0 });
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunksOf(response)) {
    text += decoder.decode(chunk, { stream: true });
    if (enough(text)) break;
  }
  stop.abort();
  return text;
}

/** Not every browser reads a stream with `for await`. @param {Response} response */
async function* chunksOf(response) {
  const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {}); // nothing more is wanted of it
  }
}

/** @param {Uint8Array} chunk */
function lineEnds(chunk) {
  let count = 0;
  for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}

/** The name that the server gives a file. @param {Response} response */
function nameOf(response) {
  const header = response.headers.get('Content-Disposition') ?? '';
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header);
  return encoded ? decodeURIComponent(encoded[1]) : (/filename="?([^";]+)"?/i.exec(header)?.[1] ?? '');
}
