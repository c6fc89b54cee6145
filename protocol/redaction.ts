/** What must not be in a log is taken out where the log is written: tokens, tickets, secrets, and whatever looks like one. */

const HIDDEN = '[hidden]';
/** Fields of frames and of requests whose values nobody but their receiver may see. */
const SECRET_FIELDS =
  /^(token|ticket|access|refresh|authorization|secret|password|code|cookie|key|invitation)$/i;
/** Names of what is secret in queries, in forms and in what a failure quotes: whole (`token`) or as an ending (`access_token`). */
const NAMED = '(?:token|ticket|access|refresh|secret|passw(?:or)?d|api[-_]?key|signature)';
const SHAPES: [RegExp, string][] = [
  // A JWT; an authorization header and its like; what stands before the @ of an address; an invitation.
  [/eyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]{6,}/g, HIDDEN],
  [/\b(?:proxy-)?authorization\\*["']?\s*[:=]\s*\\*["']?[^\r\n"',;\\]+/gi, HIDDEN],
  [/\b(?:set-)?cookie["']?\s*[:=]\s*["']?[^\r\n"'\\]+/gi, HIDDEN],
  [/\bbearer\s+[\w.~+/=-]{8,}/gi, HIDDEN],
  [/\b([a-z][a-z\d+.-]{0,20}:\/\/)[^\s/@"]+@/gi, `$1${HIDDEN}@`],
  [/\bmatchbook:\/\/join\/[\w-]+/gi, `matchbook://join/${HIDDEN}`],
  // A field of a query, also of an address within another one; a field that a text quotes.
  [new RegExp(`${NAMED}(?:=|%3D)[^&\\s"\\\\]+`, 'gi'), HIDDEN],
  [new RegExp(`${NAMED}\\\\*["']?\\s*:\\s*\\\\*["']?[\\w.~+/=-]{16,}`, 'gi'), HIDDEN],
  [/([?&#;](?:code|key|state|session|sid|sig|auth)=)[^&\s"\\]+/gi, `$1${HIDDEN}`],
];

/** @param secrets texts that are known to be secret, wherever they stand */
export function scrubbed(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, HIDDEN);
  for (const [shape, instead] of SHAPES) clean = clean.replace(shape, instead);
  return clean;
}

/** A frame for reading, with its secret fields hidden at any depth. What is no JSON is scrubbed as text. */
export function redactedFrame(text: string, secrets: readonly string[] = []): string {
  let frame: unknown;
  try {
    frame = JSON.parse(text, (field, value: unknown) => (SECRET_FIELDS.test(field) ? HIDDEN : value));
  } catch {
    return scrubbed(text, secrets);
  }
  return scrubbed(JSON.stringify(frame), secrets);
}
