import { randomUUID } from 'node:crypto';
import type { Admission } from '../connection/admission.ts';
import type { Member } from '../connection/member.ts';
import type { Hub } from '../forwarding/hub.ts';
import type { ItemOutcome, LogRequest } from '../sequencer/messages.ts';
import type { LegacyMessage } from './dialect.ts';

export interface LegacySender {
  user: string;
  device: string;
}

/** Messages of old clients on their way to the log, whichever way they came. */
export class LegacyMessages {
  readonly #hub: Pick<Hub, 'members'>;
  readonly #admission: Pick<Admission<Member>, 'count'>;
  readonly #submit: (request: LogRequest) => Promise<ItemOutcome[]>;

  constructor(
    hub: Pick<Hub, 'members'>,
    admission: Pick<Admission<Member>, 'count'>,
    submit: (request: LogRequest) => Promise<ItemOutcome[]>,
  ) {
    this.#hub = hub;
    this.#admission = admission;
    this.#submit = submit;
  }

  /** Opens an unknown conversation as the direct one of sender and receiver, under the id that the client gave it. */
  async send(
    { user, device }: LegacySender,
    { id, conversationId: conv, receiverId, body }: LegacyMessage,
    peer: number,
  ): Promise<{ outcome: ItemOutcome; id: string; delivered: boolean }> {
    const name = id ?? `message_${randomUUID()}`;
    const opened = await this.open(user, receiverId, conv);
    if (opened && !opened.ok) return { outcome: { ...opened, id: name }, id: name, delivered: false };
    const outcome = await this.append(user, device, conv, { id: name, kind: 'message', body }, peer);
    return { outcome, id: name, delivered: outcome.ok && this.#admission.count(receiverId) > 0 };
  }

  /** Null where the conversation is there with both in it. */
  async open(user: string, receiver: string, conv: string): Promise<ItemOutcome | null> {
    const members = this.#hub.members(conv);
    if (members.has(user) && members.has(receiver)) return null;
    if (members.size > 0) {
      const message = 'Both must be members of the conversation.';
      return {
        ok: false,
        id: conv,
        failure: { kind: 'unknown_conversation', message, field: 'conversationId' },
      };
    }
    const both = user === receiver ? [user] : [user, receiver];
    const id = `legacy-${randomUUID()}`;
    const create = { id, kind: 'create', form: 'direct', members: both, anyId: true } as const;
    const [outcome] = await this.#submit({ type: 'internal', items: [{ ...create, sender: user, conv }] });
    return outcome!;
  }

  async append(
    user: string,
    device: string,
    conv: string,
    item: Extract<LogRequest, { type: 'append' }>['items'][number],
    peer: number,
  ): Promise<ItemOutcome> {
    const [outcome] = await this.#submit({ type: 'append', user, device, conv, items: [item], peer });
    return outcome!;
  }
}
