/** Names by which pages, preloads and main find each other. */
/** Name under which a preload puts the bridge on its page's global object. */
export const BRIDGE_GLOBAL = 'matchbook';
/** Channel of every call from a page to main: its name, then what it asks. */
export const BRIDGE_CHANNEL = 'bridge';
/**
 * Calls whose answer crosses as one text. Value by value, as everything else is copied from a preload to its page, a thousand rows hold the page up for 60 ms; to
 * parse them takes 3. No answer of these has bytes in it.
 */
export const PACKED: ReadonlySet<string> = new Set([
  'conversation.list',
  'timeline.page',
  'timeline.lines',
  'people.list',
  'search.local',
  'outbox.list',
]);
/** Rows of a conversation that is opened: as many as fill a window, and some more. */
export const FIRST_ROWS = 80;
/** With more changed rows of a conversation than this at once, it is not told which they are. */
export const CHANGED_PLACES = 64;
/** Scheme and host of the pages of the app. */
export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://matchbook';
