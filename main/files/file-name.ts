/** Names of files, as they may be shown and written: no folders, no controls, no turning of the reading direction. */

const LONGEST = 255;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const UNFIT = /[\0-\x1f\x7f/\\\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Names that Windows keeps for its devices, and characters that it allows in none. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const NOT_ON_DISK = /[<>:"|?*]/g;

/** As a message carries it; the ending stays where it has to be shortened. */
export function shownName(name: string): string {
  const clean = name.replace(UNFIT, '').trim() || 'file';
  if (clean.length <= LONGEST) return clean;
  const dot = clean.lastIndexOf('.');
  const ending = dot > 0 && clean.length - dot <= 20 ? clean.slice(dot) : '';
  return clean.slice(0, LONGEST - ending.length) + ending;
}

/** As a file of any system may be called. */
export function nameOnDisk(name: string): string {
  const clean = shownName(name)
    .replace(NOT_ON_DISK, '_')
    .replace(/^\.+/, '')
    .replace(/[. ]+$/, '');
  // Folders count bytes, 255 at most.
  let short = clean || 'file';
  while (Buffer.byteLength(short) > 200) short = cutMiddle(short);
  return DEVICES.test(short) ? `_${short}` : short;
}

function cutMiddle(name: string): string {
  const letters = [...name];
  letters.splice(Math.max(0, letters.length - 24), 1);
  return letters.join('');
}
