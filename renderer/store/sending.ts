/** What a person sends, from the composer to the outbox, and what they do about it while it waits there. */
import type { TrayFile } from '@matchbook/protocol/bridge/files';
import type { More } from '@matchbook/protocol/bridge/more';
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { Quote, TimelineRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { Body } from '@matchbook/protocol/entries';
import type { PagePreview } from '@matchbook/protocol/message-body';
import { MESSAGE_TYPE } from '@matchbook/protocol/shown-text';
import type { Answered } from './answered.ts';
import { DraftKeeper, type Later } from './draft-keeper.ts';
import type { Felt } from './felt.ts';
import type { FileDesk } from './file-desk.ts';
import type { Called } from './mentions.ts';
import { type Address, addressKey } from './state.ts';
import type { TimelineWindow } from './timeline-window.ts';

/** Texts of conversations that nobody is at are kept at hand for so many of them. */
export const DRAFTS_AT_HAND = 50;

export interface SendingPorts {
  bridge: WindowBridge;
  now: () => number;
  newId: () => string;
  later: Later;
  timeline: TimelineWindow;
  files: FileDesk;
  answered: Answered;
  felt?: Felt | undefined;
  /** Who writes in an account; null where it is not known. */
  userOf(account: string): string | null;
  /** Whether somebody may be writing in it now. */
  isOpen(address: Address): boolean;
}

/** What a message has besides the words of its draft. */
export interface Enclosed {
  attached?: readonly TrayFile[];
  preview?: PagePreview | null;
  silent?: boolean;
  quote?: Quote | null;
  called?: Called;
}

export class Sending {
  readonly #ports: SendingPorts;
  readonly #drafts = new Map<string, DraftKeeper>();

  constructor(ports: SendingPorts) {
    this.#ports = ports;
  }

  /** Of one conversation: the same one for as long as it is open, or says anything that its row does not. */
  draft(address: Address): DraftKeeper {
    const key = addressKey(address);
    const { bridge, later } = this.#ports;
    const known = this.#drafts.get(key);
    const keeper = known ?? new DraftKeeper({ ...address }, bridge, later);
    // The one asked for last is the last to go.
    this.#drafts.delete(key);
    this.#drafts.set(key, keeper);
    if (!known) this.#letGo();
    return keeper;
  }

  #letGo(): void {
    for (const [key, keeper] of this.#drafts) {
      if (this.#drafts.size <= DRAFTS_AT_HAND) return;
      if (keeper.isAtRest && !this.#ports.isOpen(keeper.address)) this.#drafts.delete(key);
    }
  }

  /** Another window or device has changed the draft of a conversation. */
  draftChanged(address: Address): void {
    void this.#drafts.get(addressKey(address))?.changedElsewhere();
  }

  /** What is typed is in its row once this resolves. */
  async flush(address: Address): Promise<void> {
    await this.#drafts.get(addressKey(address))?.flush();
  }

  /** The text that is being written answers this message. */
  answer(address: Address, row: Pick<TimelineRow, 'n' | 'id'>): void {
    const keeper = this.draft(address);
    keeper.accompany({ ...keeper.state.getState().more, reply: row.n ?? { id: row.id } });
  }

  /** It answers no message any more. */
  answerNothing(address: Address): void {
    const keeper = this.draft(address);
    const { reply: _, ...more } = keeper.state.getState().more ?? {};
    keeper.accompany(Object.keys(more).length > 0 ? more : null);
  }

  /** Words that had another place stand before what is being written now; resolves once they are in its row. @param gone the message that they were for is not there any more, which is said */
  keepWords(address: Address, text: string, gone: boolean): Promise<void> {
    const keeper = this.draft(address);
    const { text: now } = keeper.state.getState();
    if (gone) keeper.putBack(text, null, { kind: 'unknown_place', message: 'This message was deleted.' });
    else keeper.edit(now ? `${text}\n${now}` : text);
    return keeper.flush();
  }

  /**
   * Sends what stands in the keeper: a bubble at once, the commit behind it. The recipient is the keeper's own;
   * `boundTo`: the conversation of the composer at the first keystroke, which main compares with it.
   */
  submit(keeper: DraftKeeper, text: string, boundTo: string, how: Enclosed = {}): void {
    const { address } = keeper;
    const { bridge, timeline, files } = this.#ports;
    const user = this.#ports.userOf(address.account);
    if (user === null) return;
    const id = this.#ports.newId();
    const { attached = [], preview = null, called = {}, silent = false, quote = null } = how;
    // A text that was taken back may call others now.
    const { mentions: _, audiences: __, ...drafted } = keeper.state.getState().more ?? {};
    const besides = {
      ...drafted,
      ...(preview ? { preview } : {}),
      ...called,
    };
    const more = Object.keys(besides).length > 0 ? besides : null;
    const ids = attached.map((file) => file.id);
    timeline.append(address, {
      ...{ key: `${user}/${id}`, id, n: null, sender: user, own: true, kind: 'message' },
      body: saidBody(text, more, attached),
      ...(quote ? { quote } : {}),
      time: this.#ports.now(),
      ...{ delivery: 'saving', save: null, failure: null, frozen: false },
    });
    const queued = this.#ports.felt?.sent();
    if (ids.length > 0) files.taken(address, ids);
    // What could not come with it is past.
    files.closeRefused(address);
    keeper.take(async (draftVersion) => {
      const answer = await bridge.call('outbox.submit', {
        ...{ ...address, id, text },
        ...{ draftVersion, boundTo },
        ...(more ? { more } : {}),
        ...(ids.length > 0 ? { attached: ids } : {}),
        ...(silent ? { silent: true as const } : {}),
      });
      if (answer.ok) {
        timeline.settled(address, answer.value);
        queued?.();
      } else {
        timeline.withdraw(address, id);
        keeper.putBack(text, drafted, answer.failure);
        if (ids.length > 0) void files.tray(address);
      }
    });
  }

  /** The picture of a group; null: none. Shown at once, as every change of a conversation. */
  setPicture({ account, conv }: Address, bytes: Uint8Array | null): Promise<Outcome<unknown>> {
    return this.#ports.files.setPicture({ account, conv }, this.#ports.newId(), bytes);
  }

  /** What waits is held, or let go. */
  async hold({ account }: Address, { id }: Pick<TimelineRow, 'id'>, on: boolean): Promise<void> {
    await this.#ports.answered(this.#ports.bridge.call('outbox.hold', { account, id, on }));
  }

  async retry(address: Address, { id }: TimelineRow): Promise<void> {
    const { bridge, timeline, answered } = this.#ports;
    const request = { account: address.account, id, newId: this.#ports.newId() };
    if (!(await answered(bridge.call('outbox.retry', request)))) return;
    timeline.withdraw(address, id);
    void timeline.refresh();
  }

  async toDraft(address: Address, { id }: Pick<TimelineRow, 'id'>): Promise<void> {
    const { bridge, timeline, answered } = this.#ports;
    const keeper = this.draft(address);
    await keeper.flush();
    const draft = await answered(bridge.call('outbox.toDraft', { account: address.account, id }));
    if (!draft) return;
    timeline.withdraw(address, id);
    keeper.adopt(draft);
  }

  async discard(address: Address, { id }: Pick<TimelineRow, 'id'>): Promise<void> {
    const { bridge, timeline, answered } = this.#ports;
    const request = { account: address.account, id, newId: this.#ports.newId() };
    const done = await answered(bridge.call('outbox.discard', request));
    if (done && !done.queued) timeline.withdraw(address, id);
  }

  /** Flushes what is typed. */
  async close(): Promise<void> {
    await Promise.all([...this.#drafts.values()].map((keeper) => keeper.close()));
  }
}

/** As the message will look until its commit is answered. */
function saidBody(text: string, more: More | null, attached: readonly TrayFile[]): Body {
  const files = [...(more?.files ?? []), ...attached.map(({ id: _, ...file }) => file)];
  if (files.length === 0 && !more?.preview && !more?.mentions && !more?.audiences)
    return { type: 'text/plain', text };
  const { reply: _, ...rest } = more ?? {};
  return { type: MESSAGE_TYPE, text: JSON.stringify({ ...rest, text, files }) };
}
