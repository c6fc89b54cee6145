/** What a window asks the log to take, checked before it is stored: an error names the field and the limit. */

import { bodyLimit } from '@matchbook/protocol/body-limit';
import type { More, TargetRef } from '@matchbook/protocol/bridge/more';
import { fromBase64Url } from '@matchbook/protocol/bytes';
import { APPENDS, type Append, type AppendKind, type Body } from '@matchbook/protocol/entries';
import { bodyOf, type MessageContent } from '@matchbook/protocol/message-body';
import { textFault, utf8Length } from '@matchbook/protocol/text';
import { Compile, type Validator } from 'typebox/compile';
import { StoreError } from '../files/store-error.ts';
import { type Content, QUIET } from './item.ts';

export interface Composed {
  id: string;
  content: Content;
  /** Id of the own message that it is about, where it has no place yet. */
  target: string | null;
}

/** A place that no entry has: stands for one that is not known yet. */
const SOMEWHERE = Number.MAX_SAFE_INTEGER;

const validators = new Map<AppendKind, Validator>();
function validator(kind: AppendKind): Validator {
  let made = validators.get(kind);
  if (!made) {
    made = Compile(APPENDS[kind]) as unknown as Validator;
    validators.set(kind, made);
  }
  return made;
}

/** Read positions, marks of what is unread and drafts have calls of their own, which know what they replace. */
const takes = (kind: string): kind is AppendKind =>
  Object.hasOwn(APPENDS, kind) && !(QUIET as readonly string[]).includes(kind);

export function composed(append: { id: string; kind: string }): Composed {
  const { kind } = append;
  if (!takes(kind))
    throw new StoreError({
      kind: 'unknown_kind',
      message: `There is no kind "${kind}" to send.`,
      field: 'kind',
    });
  const named =
    'target' in append && typeof append.target === 'object' ? (append.target as { id?: unknown }) : null;
  if (named && (typeof named.id !== 'string' || kind === 'deleted_for_me' || kind === 'saved'))
    throw new StoreError({ kind: 'invalid_field', message: 'target is no place.', field: 'target' });
  const whole = named ? { ...append, target: SOMEWHERE } : append;
  const schema = validator(kind);
  const [fault] = schema.Errors(whole) as { instancePath: string; message: string }[];
  if (fault) {
    const field = fault.instancePath.slice(1).replaceAll('/', '.') || 'append';
    throw new StoreError({ kind: 'invalid_field', message: `${field} ${fault.message}.`, field });
  }
  const fields = Object.keys(APPENDS[kind].properties).filter((name) => name !== 'id' && name in whole);
  const content = Object.fromEntries(
    fields.map((name) => [name, (whole as unknown as Record<string, unknown>)[name]]),
  ) as unknown as Content;
  if ('body' in content && content.body) mustFit(kind, content.body);
  if (kind === 'rename' && (content as { body: Body & { text?: string } }).body.text?.trim() === '')
    throw new StoreError({ kind: 'invalid_field', message: 'A name is not empty.', field: 'body.text' });
  if (named) delete (content as { target?: number }).target;
  return { id: append.id, content, target: named ? (named.id as string) : null };
}

/** A message with its text and whatever else it has. */
export function composedMessage(message: {
  id: string;
  text: string;
  more?: More | undefined;
  silent?: true | undefined;
}): Composed {
  const { id, text, more = {}, silent } = message;
  const { reply, ...rest } = more;
  const target = reply === undefined ? null : targetId(reply);
  const body = bodyOf({
    ...(rest as Omit<MessageContent, 'text'>),
    text,
    ...(reply === undefined ? {} : { reply: target === null ? (reply as number) : SOMEWHERE }),
  });
  // As written first: the person knows nothing of the form it travels in.
  mustFit('message', { type: 'text/plain', text }, 'text');
  mustFit('message', body, 'text');
  const said = target === null ? body : bodyOf({ ...(rest as Omit<MessageContent, 'text'>), text });
  return { id, content: { kind: 'message', body: said, ...(silent ? { silent } : {}) }, target };
}

const targetId = (target: TargetRef): string | null => (typeof target === 'object' ? target.id : null);

export function mustFit(kind: Append['kind'], body: Body, field = 'body'): void {
  const limit = bodyLimit(kind);
  if ('text' in body) {
    const fault = textFault(body.text);
    if (fault)
      throw new StoreError({
        kind: 'invalid_text',
        message: fault === 'nul' ? 'The text has a NUL character.' : 'The text has half of a surrogate pair.',
        field,
      });
  }
  const bytes = 'text' in body ? utf8Length(body.text) : fromBase64Url(body.data)?.length;
  if (bytes === undefined)
    throw new StoreError({
      kind: 'invalid_field',
      message: 'body.data is not base64url.',
      field: 'body.data',
    });
  if (bytes > limit)
    throw new StoreError({
      kind: 'body_too_large',
      message: `The text has ${bytes} bytes; ${limit} fit.`,
      field,
      limit,
    });
}
