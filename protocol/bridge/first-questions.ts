/** What a window asks before its first conversation is on screen. No schemas: preloads read this. */
import { FIRST_ROWS } from './app.ts';

export type Question = readonly [name: string, request: object];

/** Of nobody in particular; the other one says which account was shown last, and which conversation of it was open. */
export const SETTINGS: Question = ['settings.get', {}];
export const STATE: Question = ['app.state', {}];

/** Once that is known. */
export function firstQuestions(account: string, conv: string | null): Question[] {
  return [
    ['conversation.list', { account }],
    ['session.state', { account }],
    ...(conv === null ? [] : [['timeline.page', { account, conv, limit: FIRST_ROWS }] as const]),
  ];
}

/** With more unread ones than this a conversation begins at the first of them instead of reaching back from the newest. */
export const MUCH_UNREAD = 200;
/** Rows on each side of a place to which a window is led. */
export const SIDE_ROWS = 50;

/** Rows that a conversation opens with: those that are unread, and some before. */
export const openingRows = (unread: number): number =>
  Math.max(FIRST_ROWS, Math.min(unread, MUCH_UNREAD) + 20);

/** What its scripts then ask before they can draw all that is seen at first. @param readN read position */
export const questionsOfScripts = (
  account: string,
  conv: string,
  unread: number,
  readN: number,
): Question[] => [
  ...(openingRows(unread) === FIRST_ROWS
    ? []
    : [['timeline.page', { account, conv, limit: openingRows(unread) }] as const]),
  ...(unread > MUCH_UNREAD
    ? ([
        ['timeline.page', { account, conv, to: readN + 1, limit: SIDE_ROWS }],
        ['timeline.page', { account, conv, after: readN + 2, limit: SIDE_ROWS }],
      ] as const)
    : []),
  ['outbox.count', { account }],
  ['people.list', { account }],
  ['draft.read', { account, conv }],
  ['message.pinned', { account, conv }],
];

/** A question as a key: the same question has the same. */
export const keyOf = (name: string, request: unknown): string => `${name} ${JSON.stringify(request)}`;
