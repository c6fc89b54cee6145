/** The tables that are the truth, in an order in which they can be filled, with their keys. What is derived (the search index) and uploads under way are not among them. */
import type { Database } from './schema.ts';

export const TABLES = {
  account: ['user'],
  session: ['sid'],
  invitation: ['hash'],
  redemption: ['hash', 'user'],
  outbound: ['place'],
  entry: ['conv', 'n'],
  conversation: ['conv'],
  member: ['conv', 'user', 'fromN'],
  position: ['conv', 'user', 'kind'],
  profile: ['user'],
  ownRegister: ['user', 'kind', 'conv', 'about'],
  progress: ['epoch'],
  deadLetter: ['place'],
  report: ['id'],
  setting: ['name'],
  audit: ['place'],
  scheduled: ['user', 'id'],
  file: ['hash'],
  fileOwner: ['hash', 'user'],
  fileUse: ['conv', 'n', 'hash'],
  answer: ['conv', 'n'],
  externalIdentity: ['issuer', 'subject'],
} as const satisfies Partial<Record<keyof Database, readonly string[]>>;

export type TableName = keyof typeof TABLES;
export const TABLE_NAMES = Object.keys(TABLES) as TableName[];
/** Their key is a number that the database gives out: it goes on after the last. */
export const NUMBERED: ReadonlySet<TableName> = new Set<TableName>(['outbound', 'deadLetter', 'audit']);
