const PREFIX = 'matchbook://join/';
/** Far more parts than a mail program makes of a link; the rest of the message is not looked at. */
const PARTS = 20;

/** The invitation in what somebody pasted: people paste the whole message, and mail programs break long links into lines. */
export function linkIn(text: string): string | null {
  const start = text.toLowerCase().indexOf(PREFIX);
  if (start === -1) return null;
  let whole = '';
  let first = '';
  for (const part of text.slice(start + PREFIX.length).split(/\s+/, PARTS)) {
    const [letters = ''] = /^[A-Za-z0-9_-]*/.exec(part) ?? [];
    whole += letters;
    if (isWhole(whole)) return PREFIX + whole;
    first ||= letters;
    if (letters !== part) break;
  }
  // What is wrong with it is said by main.
  return first === '' ? null : PREFIX + first;
}

function isWhole(base64Url: string): boolean {
  try {
    JSON.parse(atob(base64Url.replaceAll('-', '+').replaceAll('_', '/')));
    return true;
  } catch {
    return false;
  }
}
