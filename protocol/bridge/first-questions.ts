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

/** What its scripts then ask before they can draw all that is seen at first. */
export const questionsOfScripts = (account: string, conv: string): Question[] => [
  ['outbox.count', { account }],
  ['people.list', { account }],
  ['draft.read', { account, conv }],
  ['message.pinned', { account, conv }],
];

/** A question as a key: the same question has the same. */
export const keyOf = (name: string, request: unknown): string => `${name} ${JSON.stringify(request)}`;
