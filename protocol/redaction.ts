/** What must not be in a log is taken out where the log is written: tokens, tickets, secrets, and whatever looks like one. */

const HIDDEN = '[hidden]';
/** Fields of frames and of requests whose values nobody but their receiver may see. */
const SECRET_FIELDS =
  /^(token|ticket|access|refresh|authorization|secret|password|code|cookie|key|invitation)$/i;
/** A JWT; a bearer header; a field of a query. */
const SHAPES = [
  /eyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]{6,}/g,
  /\bbearer\s+[\w.~+/=-]{8,}/gi,
  /\b(token|ticket|access|refresh|secret|password)=[^&\s"]+/gi,
];

/** @param secrets texts that are known to be secret, wherever they stand */
export function scrubbed(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, HIDDEN);
  for (const shape of SHAPES) clean = clean.replace(shape, HIDDEN);
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
