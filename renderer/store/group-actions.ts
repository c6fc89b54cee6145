/** What a person does about conversations themselves: groups, who is in them, where they stand in the list. Each is an append: it is shown at once and waits in the outbox. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { GroupFacts, SharedKind } from '@matchbook/protocol/bridge/people';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { Body, Role } from '@matchbook/protocol/entries';
import type { OpenInvitation } from '@matchbook/protocol/http/invitations';
import { directConversationId } from '@matchbook/protocol/ids';
import { SharedList } from './shared-list.ts';
import type { Address } from './state.ts';

export interface GroupActionPorts {
  bridge: WindowBridge;
  newId: () => string;
  /** One's own id in an account. */
  userOf(account: string): string | null;
  /** There is a row of this conversation. */
  knows(address: Address): boolean;
}

type Answer = Promise<Outcome<unknown>>;

export class GroupActions {
  readonly #ports: GroupActionPorts;

  constructor(ports: GroupActionPorts) {
    this.#ports = ports;
  }

  facts(address: Address): Promise<Outcome<GroupFacts>> {
    return this.#ports.bridge.call('group.facts', { ...address });
  }

  /** The conversation is there at once, also without a connection. */
  async create(account: string, name: string, users: readonly string[]): Promise<Outcome<Address>> {
    const me = this.#ports.userOf(account) ?? '';
    const address = { account, conv: this.#ports.newId() };
    const members = [me, ...users.filter((user) => user !== me)];
    const made = await this.#append(address, { kind: 'create', form: 'group', members });
    if (!made.ok) return made;
    const named = await this.rename(address, name);
    return named.ok ? { ok: true, value: address } : named;
  }

  /** The conversation with somebody one knows, made where there is none. */
  async direct(account: string, user: string): Promise<Outcome<Address>> {
    const me = this.#ports.userOf(account) ?? '';
    const address = { account, conv: directConversationId(me, user) };
    if (this.#ports.knows(address)) return { ok: true, value: address };
    const made = await this.#append(address, { kind: 'create', form: 'direct', members: [me, user] });
    return made.ok ? { ok: true, value: address } : made;
  }

  rename(address: Address, name: string): Promise<Outcome<{ id: string }>> {
    return this.#append(address, { kind: 'rename', body: { type: 'text/plain', text: name.trim() } });
  }

  settings(address: Address, body: Body): Answer {
    return this.#append(address, { kind: 'settings', body });
  }

  add(address: Address, users: readonly string[]): Answer {
    return this.#append(address, { kind: 'member_add', users: [...users] });
  }

  remove(address: Address, user: string): Answer {
    return this.#append(address, { kind: 'member_remove', user });
  }

  setRole(address: Address, user: string, role: Role): Answer {
    return this.#append(address, { kind: 'member_role', user, role });
  }

  leave(address: Address): Answer {
    return this.#append(address, { kind: 'member_leave' });
  }

  /** @param place among the pinned ones, from 1; 0: not pinned */
  pin(address: Address, place: number): Answer {
    return this.#append(address, { kind: 'pinned', value: place });
  }

  archive(address: Address, on: boolean): Answer {
    return this.#append(address, { kind: 'archived', value: on ? 1 : 0 });
  }

  /** They may not write to one, and hear nothing of what one does; in groups that both are in nothing changes. */
  block(account: string, user: string, on: boolean): Answer {
    const conv = directConversationId(this.#ports.userOf(account) ?? '', user);
    return this.#append({ account, conv }, { kind: 'block', of: user, value: on ? 1 : 0 });
  }

  /** A change that was refused, or waits, is tried again. */
  retry(account: string, id: string): Answer {
    return this.#ports.bridge.call('outbox.retry', { account, id, newId: this.#ports.newId() });
  }

  /** It is given up: what was before shows again. */
  giveUp(account: string, id: string): Answer {
    return this.#ports.bridge.call('outbox.discard', { account, id, newId: this.#ports.newId() });
  }

  invite(request: { account: string; conv?: string; life: number; uses: number }) {
    return this.#ports.bridge.call('group.invite', request);
  }

  invitations(account: string): Promise<Outcome<OpenInvitation[]>> {
    return this.#ports.bridge.call('group.invitations', { account });
  }

  revoke(account: string, id: string): Promise<Outcome<null>> {
    return this.#ports.bridge.call('group.revoke', { account, id });
  }

  /** To be started. */
  shared({ account, conv }: Address, what: SharedKind): SharedList {
    const { bridge } = this.#ports;
    return new SharedList(what, {
      ask: (kind, wish) =>
        bridge.call('conversation.shared', {
          ...{ account, conv, what: kind, limit: SHARED_AT_ONCE },
          ...wish,
        }),
      fetch: (kind, wish) =>
        bridge.call('conversation.fetchShared', { ...{ account, conv, what: kind }, ...wish }),
    });
  }

  /** One writes in a conversation, or stopped. */
  typing({ account, conv }: Address, on: boolean): void {
    void this.#ports.bridge.call('typing.tell', { account, conv, on });
  }

  #append({ account, conv }: Address, append: { kind: string; [field: string]: unknown }) {
    const request = { account, conv, append: { id: this.#ports.newId(), ...append } };
    return this.#ports.bridge.call('outbox.append', request);
  }
}

const SHARED_AT_ONCE = 50;
