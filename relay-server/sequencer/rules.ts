/**
 * What an append must keep to, by kind. The shape was checked by the frame's schema; here are sizes, text and everything that
 * depends on the log. All of it runs inside the append transaction.
 */
import { fromBase64Url } from '@matchbook/protocol/bytes';
import type { Append, AppendCreate, AppendMessage, AppendRead, Body } from '@matchbook/protocol/entries';
import type { Failure } from '@matchbook/protocol/failures';
import { directConversationId } from '@matchbook/protocol/ids';
import { textFault, utf8Length } from '@matchbook/protocol/text';
import type Type from 'typebox';
import type { AppendLimits } from './messages.ts';

/** What a rule may ask the log. */
export interface LogView {
  /** Undefined where there is no such conversation. */
  conversation(conv: string): { n: number } | undefined;
  /** `former`: was a member once. */
  membership(conv: string, user: string): 'member' | 'former' | 'never';
  /** Has a profile. */
  knows(user: string): boolean;
  /** Was a member when place n was written. */
  maySee(conv: string, user: string, n: number): boolean;
}

export interface Attempt<A> {
  conv: string;
  sender: string;
  item: A;
}

type Rule<A> = (attempt: Attempt<A>, log: LogView, limits: AppendLimits) => Failure | null;

const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+(; ?[\x20-\x7e]+)?$/i;
const utf8 = new TextDecoder('utf-8', { fatal: true });

const RULES: {
  create: Rule<Type.Static<typeof AppendCreate>>;
  message: Rule<Type.Static<typeof AppendMessage>>;
  read: Rule<Type.Static<typeof AppendRead>>;
} = {
  create: ({ conv, sender, item }, log, limits) => {
    const { members } = item;
    if (members.length > Math.min(2, limits.members))
      return {
        kind: 'invalid_field',
        message: 'A direct conversation has one or two members.',
        field: 'members',
        limit: 2,
      };
    if (new Set(members).size !== members.length)
      return { kind: 'invalid_field', message: 'A member is named twice.', field: 'members' };
    if (!members.includes(sender))
      return { kind: 'invalid_field', message: 'The sender must be a member.', field: 'members' };
    if (conv !== directConversationId(members[0]!, members[1] ?? members[0]!))
      return {
        kind: 'invalid_field',
        message: 'The conversation id does not belong to these members.',
        field: 'conv',
      };
    const unknown = members.find((member) => member !== sender && !log.knows(member));
    if (unknown !== undefined)
      return { kind: 'unknown_user', message: 'A member is not known here.', field: 'members' };
    return null;
  },
  message: ({ conv, sender }, log) => mustBeMember(conv, sender, log),
  read: ({ conv, sender, item }, log) => {
    const refused = mustBeMember(conv, sender, log);
    if (refused) return refused;
    if (item.n > log.conversation(conv)!.n || !log.maySee(conv, sender, item.n))
      return {
        kind: 'unknown_place',
        message: 'There is no such place for you in this conversation.',
        field: 'n',
      };
    return null;
  },
};

/** Why what was composed can never be stored, whoever sends it, or null. Comes before anything is hashed. */
export function contentRefusal(item: Append, limits: AppendLimits): Failure | null {
  return item.kind === 'message' ? bodyFault(item.body, limits) : null;
}

/** Why the log refuses an append from this sender at this moment, or null. */
export function refusal(attempt: Attempt<Append>, log: LogView, limits: AppendLimits): Failure | null {
  const rule = RULES[attempt.item.kind] as Rule<Append>;
  return rule(attempt, log, limits);
}

/** To those who never were in it, a conversation does not exist. */
export function mustBeMember(conv: string, user: string, log: Pick<LogView, 'membership'>): Failure | null {
  switch (log.membership(conv, user)) {
    case 'member':
      return null;
    case 'former':
      return { kind: 'not_member', message: 'You are no longer in this conversation.', field: 'conv' };
    case 'never':
      return {
        kind: 'unknown_conversation',
        message: 'There is no such conversation for you.',
        field: 'conv',
      };
  }
}

/** Size and text of a body. A NUL cuts text short in stores behind us; lone surrogates have no bytes at all. */
function bodyFault(body: Body, limits: AppendLimits): Failure | null {
  if (!MEDIA_TYPE.test(body.type))
    return { kind: 'invalid_field', message: 'body.type is not a media type.', field: 'body.type' };
  let text: string | null = null;
  let size: number;
  if ('text' in body) {
    text = body.text;
    size = utf8Length(text);
  } else {
    const bytes = fromBase64Url(body.data);
    if (!bytes) return { kind: 'invalid_field', message: 'body.data is not base64url.', field: 'body.data' };
    size = bytes.length;
    if (size <= limits.bodyBytes && body.type.toLowerCase().startsWith('text/')) {
      try {
        text = utf8.decode(bytes);
      } catch {
        return { kind: 'invalid_text', message: 'body.data is not UTF-8.', field: 'body.data' };
      }
    }
  }
  if (size > limits.bodyBytes) {
    const message = `The body has ${size} bytes; the limit is ${limits.bodyBytes}.`;
    return { kind: 'body_too_large', message, field: 'body', limit: limits.bodyBytes };
  }
  return text === null ? null : invalidText(text, 'text' in body ? 'body.text' : 'body.data');
}

/** The failure of a text that cannot be stored everywhere alike, or null. */
export function invalidText(text: string, field: string): Failure | null {
  const fault = textFault(text);
  if (!fault) return null;
  const what = fault === 'nul' ? 'a NUL character' : 'a lone surrogate';
  return { kind: 'invalid_text', message: `${field} contains ${what}.`, field };
}
