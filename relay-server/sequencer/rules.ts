/**
 * What an append must keep to, by kind: who may, on what. The shape was checked by the frame's schema and the size by body-rules.ts; all of this
 * depends on the log and runs inside the append transaction. docs/protocol.md has the same table in words, and a test holds the two together.
 */
import type { Append, AppendKind } from '@matchbook/protocol/entries';
import type { Failure } from '@matchbook/protocol/failures';
import { directConversationId, hasDirectForm } from '@matchbook/protocol/ids';
import { nameFault } from '@matchbook/protocol/text';
import type { Conversation } from './folded.ts';
import type { AppendLimits } from './messages.ts';

/** What a rule may ask the log. */
export interface LogView {
  membership(conversation: Conversation, user: string): 'member' | 'former' | 'never';
  /** Was a member when place n was written. */
  maySee(conversation: Conversation, user: string, n: number): boolean;
  /** Has a profile. */
  knows(user: string): boolean;
  /** What stands at a place of the conversation. */
  entryAt(conversation: Conversation, n: number): { kind: string; sender: string; erased: boolean };
  /** Whether `owner` takes no messages from `other`. */
  blocks(owner: string, other: string): boolean;
}

export interface Attempt<A> {
  conv: string;
  /** Undefined where there is none of that id. */
  conversation: Conversation | undefined;
  sender: string;
  item: A;
  /** A direct conversation that an old client named. */
  anyId: boolean;
  /** The API caused it: whoever is named asked for it, as they redeemed an invitation. */
  asked: boolean;
}
type Known<A> = Attempt<A> & { conversation: Conversation };
type Of<K extends AppendKind> = Extract<Append, { kind: K }>;
type Check<K extends AppendKind> = (
  attempt: Known<Of<K>>,
  log: LogView,
  limits: AppendLimits,
) => Failure | null;

/** Who may: a present member, one of a group's owners and admins, or whoever was a member once. */
type Who = 'member' | 'steward' | 'was member';
interface Rule<K extends AppendKind> {
  who: Who;
  /** Where: in groups only, or anywhere. */
  in?: 'group';
  check?: Check<K>;
}

const refuse = (kind: Failure['kind'], message: string, field: string, limit?: number): Failure => ({
  kind,
  message,
  field,
  ...(limit === undefined ? {} : { limit }),
});

const marks = <K extends 'deleted_for_me' | 'saved'>(): Rule<K> => ({
  who: 'was member',
  check: (attempt, log) => visible(attempt, (attempt.item as { target: number }).target, 'target', log),
});

const RULES: { [K in Exclude<AppendKind, 'create' | 'block'>]: Rule<K> } = {
  message: { who: 'member', check: notBlocked },
  edit: { who: 'member', check: (attempt, log) => notBlocked(attempt, log) ?? ownMessage(attempt, log) },
  delete: { who: 'member', check: ownOrSteward },
  reaction: { who: 'member', check: (attempt, log) => notBlocked(attempt, log) ?? someMessage(attempt, log) },
  pin: { who: 'member', check: (attempt, log) => notBlocked(attempt, log) ?? someMessage(attempt, log) },
  rename: {
    who: 'steward',
    in: 'group',
    check: ({ item: { body } }) => {
      const fault = 'text' in body ? nameFault(body.text) : 'a text';
      return fault === null ? null : refuse('invalid_field', `The name of a group: ${fault}.`, 'body.text');
    },
  },
  picture: { who: 'steward', in: 'group' },
  settings: { who: 'steward', check: notBlocked },
  member_add: { who: 'steward', in: 'group', check: mayBeAdded },
  member_remove: { who: 'steward', in: 'group', check: mayBeRemoved },
  member_leave: {
    who: 'member',
    in: 'group',
    check: ({ conversation, sender }) =>
      conversation.members.size > 1 && isLastOwner(conversation, sender)
        ? refuse('not_allowed', 'The last owner first makes somebody else one.', 'kind')
        : null,
  },
  member_role: { who: 'steward', in: 'group', check: mayHaveRole },
  read: { who: 'member', check: ({ item, ...attempt }, log) => visible(attempt, item.n, 'n', log) },
  draft: { who: 'was member' },
  mute: { who: 'was member' },
  pinned: { who: 'was member' },
  archived: { who: 'was member' },
  unread: {
    who: 'was member',
    check: (attempt, log) => {
      const { value } = attempt.item as unknown as { value: number };
      return value === 0 ? null : visible(attempt, value, 'value', log);
    },
  },
  deleted_for_me: marks(),
  saved: marks(),
};

/** Why the log refuses an append from this sender at this moment, or null. */
export function refusal(attempt: Attempt<Append>, log: LogView, limits: AppendLimits): Failure | null {
  const { item, conversation, conv, sender } = attempt;
  if (item.kind === 'create') return mayBeCreated({ ...attempt, item }, log, limits);
  if (item.kind === 'block') {
    if (conv !== directConversationId(sender, item.of))
      return refuse('invalid_field', 'A block belongs to the direct conversation with its user.', 'conv');
    return log.knows(item.of) ? null : refuse('unknown_user', 'This user is not known here.', 'of');
  }
  const rule = RULES[item.kind] as Rule<AppendKind>;
  const missing = mustBe(rule.who, conversation, sender, log);
  if (missing) return missing;
  const known = { ...attempt, conversation: conversation! };
  if (rule.in === 'group' && known.conversation.form !== 'group')
    return refuse('not_allowed', 'Only groups have this.', 'kind');
  return rule.check?.(known as Known<never>, log, limits) ?? null;
}

/** To those who never were in it, a conversation does not exist. */
function mustBe(
  who: Who,
  conversation: Conversation | undefined,
  user: string,
  log: LogView,
): Failure | null {
  const membership = conversation ? log.membership(conversation, user) : 'never';
  if (membership === 'never') return noSuchConversation();
  if (who === 'was member') return null;
  if (membership === 'former') return refuse('not_member', 'You are no longer in this conversation.', 'conv');
  const steward = conversation!.form === 'direct' || conversation!.members.get(user)!.role !== 'member';
  return who === 'steward' && !steward
    ? refuse('not_allowed', 'Only owners and admins of the group may do this.', 'kind')
    : null;
}

export const noSuchConversation = (): Failure =>
  refuse('unknown_conversation', 'There is no such conversation for you.', 'conv');

function mayBeCreated(
  { item, conv, sender, conversation, anyId, asked }: Attempt<Of<'create'>>,
  log: LogView,
  limits: AppendLimits,
): Failure | null {
  const { members, form } = item;
  const limit = form === 'direct' ? Math.min(2, limits.members) : limits.members;
  if (members.length > limit) {
    const what =
      form === 'direct' ? 'A direct conversation has one or two members.' : `At most ${limit} members.`;
    return refuse('invalid_field', what, 'members', limit);
  }
  if (new Set(members).size !== members.length)
    return refuse('invalid_field', 'A member is named twice.', 'members');
  if (!members.includes(sender)) return refuse('invalid_field', 'The sender must be a member.', 'members');
  const derived = form === 'direct' && directConversationId(members[0]!, members[1] ?? members[0]!);
  if (derived && conv !== derived && !anyId)
    return refuse('invalid_field', 'The conversation id does not belong to these members.', 'conv');
  if (conv !== derived && hasDirectForm(conv))
    return refuse('invalid_field', 'Ids of this form are those of direct conversations.', 'conv');
  if (form === 'group' && conversation)
    return refuse('id_conflict', 'This conversation id is taken.', 'conv');
  // What an old client named stays what it is.
  if (conversation && (conversation.form !== form || log.membership(conversation, sender) === 'never'))
    return refuse('id_conflict', 'This conversation id is taken.', 'conv');
  const unknown = members.find((member) => member !== sender && !log.knows(member));
  if (unknown !== undefined) return refuse('unknown_user', 'A member is not known here.', 'members');
  // A direct one that is there already is only said once more.
  return conversation || asked ? null : blockedBy(members, 'members', sender, log);
}

/** Who takes no messages from somebody is not brought into a group by them either. */
function blockedBy(users: readonly string[], field: string, sender: string, log: LogView): Failure | null {
  const at = users.findIndex((user) => user !== sender && log.blocks(user, sender));
  return at < 0 ? null : refuse('blocked', 'This person takes no messages from you.', `${field}.${at}`);
}

type Here = Pick<Known<Append>, 'conversation' | 'sender'>;

function visible({ conversation, sender }: Here, n: number, field: string, log: LogView): Failure | null {
  return n <= conversation.n && log.maySee(conversation, sender, n)
    ? null
    : refuse('unknown_place', 'There is no such place for you in this conversation.', field);
}

/** Blocks count in direct conversations, and for who brings whom into a group: in it, who bothers one is for its owners. */
function notBlocked({ conversation, sender }: Here, log: LogView): Failure | null {
  if (conversation.form !== 'direct') return null;
  for (const other of conversation.members.keys())
    if (other !== sender && log.blocks(other, sender))
      return refuse('blocked', 'This person takes no messages from you.', 'conv');
  return null;
}

function someMessage(attempt: Here & { item: { target: number } }, log: LogView): Failure | null {
  const { conversation, item } = attempt;
  const unseen = visible(attempt, item.target, 'target', log);
  if (unseen) return unseen;
  const entry = log.entryAt(conversation, item.target);
  if (entry.kind !== 'message')
    return refuse('unknown_place', 'There is no message at this place.', 'target');
  return entry.erased ? refuse('unknown_place', 'This message was deleted.', 'target') : null;
}

function ownMessage(attempt: Here & { item: { target: number } }, log: LogView): Failure | null {
  const failure = someMessage(attempt, log);
  if (failure) return failure;
  return log.entryAt(attempt.conversation, attempt.item.target).sender === attempt.sender
    ? null
    : refuse('not_allowed', 'Only its author may change a message.', 'target');
}

function ownOrSteward(attempt: Known<Of<'delete'>>, log: LogView): Failure | null {
  const { conversation, sender, item } = attempt;
  const failure = someMessage(attempt, log);
  if (failure) return failure;
  const steward = conversation.form === 'group' && conversation.members.get(sender)!.role !== 'member';
  return steward || log.entryAt(conversation, item.target).sender === sender
    ? null
    : refuse(
        'not_allowed',
        'Only its author, or owners and admins of the group, may delete a message.',
        'target',
      );
}

function mayBeAdded(
  { conversation, sender, asked, item: { users } }: Known<Of<'member_add'>>,
  log: LogView,
  limits: AppendLimits,
): Failure | null {
  if (new Set(users).size !== users.length) return refuse('invalid_field', 'A user is named twice.', 'users');
  if (users.some((user) => conversation.members.has(user)))
    return refuse('invalid_field', 'Somebody of these is a member already.', 'users');
  if (users.some((user) => !log.knows(user)))
    return refuse('unknown_user', 'Somebody of these is not known here.', 'users');
  if (conversation.members.size + users.length > limits.members)
    return refuse('invalid_field', `At most ${limits.members} members.`, 'users', limits.members);
  return asked ? null : blockedBy(users, 'users', sender, log);
}

function mayBeRemoved({ conversation, sender, item: { user } }: Known<Of<'member_remove'>>): Failure | null {
  const there = conversation.members.get(user);
  if (!there) return refuse('unknown_user', 'This user is no member.', 'user');
  if (user === sender) return refuse('invalid_field', 'To go oneself is member_leave.', 'user');
  return conversation.members.get(sender)!.role !== 'owner' && there.role !== 'member'
    ? refuse('not_allowed', 'Only an owner removes owners and admins.', 'user')
    : null;
}

function mayHaveRole({ conversation, sender, item }: Known<Of<'member_role'>>): Failure | null {
  if (conversation.members.get(sender)!.role !== 'owner')
    return refuse('not_allowed', 'Only an owner gives roles.', 'kind');
  if (!conversation.members.has(item.user)) return refuse('unknown_user', 'This user is no member.', 'user');
  return item.role !== 'owner' && isLastOwner(conversation, item.user)
    ? refuse('not_allowed', 'A group has an owner.', 'role')
    : null;
}

function isLastOwner({ members }: Conversation, user: string): boolean {
  if (members.get(user)?.role !== 'owner') return false;
  for (const [other, { role }] of members) if (other !== user && role === 'owner') return false;
  return true;
}
