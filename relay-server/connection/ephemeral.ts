import { encode } from '@matchbook/protocol/codec';
import type { PresenceState, TypingUp } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Hub } from '../forwarding/hub.ts';
import { ManyMap } from '../forwarding/many-map.ts';
import { Buckets } from '../sequencer/rates.ts';
import { SharedFrame } from '../wire/outlet.ts';
import type { Member } from './member.ts';

/** Typing notices that one user may cause: enough for every keystroke of a fast typist in a few windows. */
const TYPING_RATE = { perSecond: 5, burst: 20 };

/** Somebody who reported input. Who only is connected is away, and costs nothing here. */
interface Person {
  state: Exclude<PresenceState, 'offline'>;
  /** Last input on each of their devices. */
  inputs: Map<Member, number>;
}

interface Seen {
  user: string;
  state: PresenceState;
}

/**
 * Typing and presence: to present members only, never stored, the first to be dropped. Presence follows from input that clients
 * report: a socket that comes back says nothing about its person.
 */
export class Ephemeral {
  readonly #hub: Pick<Hub, 'members' | 'conversations' | 'blocks'>;
  readonly #now: () => number;
  readonly #connected = new ManyMap<string, Member>();
  readonly #people = new Map<string, Person>();
  /**
   * Who is not to be seen, and therefore sees nobody: by the last word of any of their devices, also while none is connected, so that a socket which comes back
   * shows them to nobody. A relay that starts anew is told again.
   */
  readonly #hidden = new Set<string>();
  readonly #rates = new Buckets(TYPING_RATE);

  /** @param now monotonic clock, ms */
  constructor(hub: Pick<Hub, 'members' | 'conversations' | 'blocks'>, now: () => number) {
    this.#hub = hub;
    this.#now = now;
  }

  /** What somebody who is no member says goes nowhere: they would learn who is. */
  typing(from: Member, { conv, on }: TypingUp): void {
    const members = this.#hub.members(conv);
    if (!members.has(from.user) || members.size > LIMITS.smallGroup) return;
    const now = this.#now();
    const bucket = this.#rates.of(from.user, now);
    if (bucket.available(now) < 1) return;
    bucket.take(1);
    const frame = new SharedFrame(encode({ t: 'typing', conv, user: from.user, on }));
    for (const user of members) {
      // Between two, as for messages; in a group everybody hears everybody.
      if (members.size <= 2 && this.#hub.blocks(user, from.user)) continue;
      for (const member of this.#connected.of(user)) if (member !== from) member.ephemeral(frame, 'now');
    }
  }

  /** A device was let in: it is told who is there. That it came says nothing about its person's presence, unless they were offline. */
  join(member: Member): void {
    const first = this.#connected.count(member.user) === 0;
    this.#connected.add(member.user, member);
    if (first) this.#tell(member.user, 'away');
    if (this.#hidden.has(member.user)) return;
    const others = this.#contacts(member.user);
    // Of themselves they have just been told.
    if (first) others.delete(member.user);
    this.#tellOf(this.#there(member.user, others), [member]);
  }

  leave(member: Member): void {
    const { user } = member;
    if (!this.#connected.delete(user, member)) return;
    const person = this.#people.get(user);
    person?.inputs.delete(member);
    if (this.#connected.count(user) === 0) {
      this.#people.delete(user);
      this.#tell(user, 'offline');
    } else if (person) this.#settle(user, person);
  }

  /** @param hidden whether they are not to be seen from now on; undefined: as before */
  activity(member: Member, active: boolean, hidden?: boolean): void {
    if (!this.#connected.of(member.user).includes(member)) return;
    if (hidden === true) this.#hide(member.user);
    this.#input(member, active);
    if (hidden === false) this.#show(member.user);
  }

  #input(member: Member, active: boolean): void {
    const { user } = member;
    let person = this.#people.get(user);
    if (!person) {
      if (!active) return;
      person = { state: 'away', inputs: new Map() };
      this.#people.set(user, person);
    }
    if (active) person.inputs.set(member, this.#now());
    else person.inputs.delete(member);
    this.#settle(user, person);
    if (active) this.#tellOthersOf(member);
  }

  /** The owner takes no messages from the other any more, or takes them again: to whom somebody does not talk they do not show when they are there. */
  blocked(owner: string, other: string, on: boolean): void {
    if (!this.#contacts(owner).has(other)) return;
    if (this.#hidden.has(owner) || this.#hidden.has(other)) return;
    this.#tellOf([{ user: owner, state: on ? 'offline' : this.#state(owner) }], this.#connected.of(other));
  }

  /** Members of a conversation from now on: they and the others are told who of them is there, for nobody's state has changed. */
  joined(conv: string, users: readonly string[]): void {
    const members = this.#hub.members(conv);
    if (members.size > LIMITS.smallGroup) {
      // Who was in it before heard of the others until now.
      if (members.size - users.length > LIMITS.smallGroup) return;
      const fresh = new Set(users);
      const before = [...members].filter((one) => !fresh.has(one));
      this.#part(before, before);
      return;
    }
    for (const one of members) {
      if (this.#hidden.has(one) || this.#connected.count(one) === 0) continue;
      const fresh = new Set(users.includes(one) ? members : users);
      fresh.delete(one);
      this.#tellOf(this.#there(one, fresh), this.#connected.of(one));
    }
  }

  /** Members no more: with whom they share nothing else, neither sees the other. */
  left(conv: string, users: readonly string[]): void {
    const members = this.#hub.members(conv);
    if (members.size > LIMITS.smallGroup) return;
    // From now on they hear of each other in it.
    if (members.size + users.length > LIMITS.smallGroup) this.joined(conv, [...members]);
    else this.#part(users, [...members, ...users]);
  }

  /** With whom of these others they share nothing small any more is gone for them, and they for those. */
  #part(users: readonly string[], others: readonly string[]): void {
    const gone = (one: string) => ({ user: one, state: 'offline' as const });
    for (const user of users) {
      const contacts = this.#contacts(user);
      const strangers = others.filter((one) => !contacts.has(one));
      this.#tellOf(strangers.map(gone), this.#connected.of(user));
      if (users !== others) for (const one of strangers) this.#tellOf([gone(user)], this.#connected.of(one));
    }
  }

  /** They are gone for the others, and the others for them. */
  #hide(user: string): void {
    if (this.#hidden.has(user)) return;
    this.#tell(user, 'offline');
    this.#hidden.add(user);
    const others = this.#contacts(user);
    others.delete(user);
    const gone = this.#there(user, others).map((one) => ({ ...one, state: 'offline' as const }));
    this.#tellOf(gone, this.#connected.of(user));
  }

  #show(user: string): void {
    if (!this.#hidden.delete(user)) return;
    this.#tell(user, this.#state(user));
    const others = this.#contacts(user);
    others.delete(user);
    this.#tellOf(this.#there(user, others), this.#connected.of(user));
  }

  /** Of these, who is there for somebody. */
  #there(user: string, others: Iterable<string>): Seen[] {
    const seen: Seen[] = [];
    for (const other of others) {
      const state = this.#state(other);
      if (state !== 'offline' && !this.#hidden.has(other) && !this.#hub.blocks(other, user))
        seen.push({ user: other, state });
    }
    return seen;
  }

  #tellOf(users: readonly Seen[], to: readonly Member[]): void {
    if (users.length === 0) return;
    const frame = new SharedFrame(encode({ t: 'presence', users: [...users] }));
    for (const member of to) member.ephemeral(frame, 'soon');
  }

  /** To be called now and then: who has done nothing for long is away. */
  tick(): void {
    for (const [user, person] of this.#people) if (person.state === 'online') this.#settle(user, person);
  }

  #state(user: string): PresenceState {
    return this.#people.get(user)?.state ?? (this.#connected.count(user) > 0 ? 'away' : 'offline');
  }

  #settle(user: string, person: Person): void {
    const since = this.#now() - LIMITS.awayAfter;
    const active = [...person.inputs.values()].some((at) => at > since);
    const state = active ? 'online' : 'away';
    if (state === 'away' && person.inputs.size === 0) this.#people.delete(user);
    if (state === person.state) return;
    person.state = state;
    this.#tell(user, state);
  }

  #tell(user: string, state: PresenceState): void {
    if (this.#hidden.has(user)) return;
    const frame = new SharedFrame(encode({ t: 'presence', users: [{ user, state }] }));
    for (const contact of this.#contacts(user)) {
      if (this.#hidden.has(contact) || this.#hub.blocks(user, contact)) continue;
      for (const member of this.#connected.of(contact)) member.ephemeral(frame, 'soon');
    }
  }

  /** Their other devices ring less while this one is in use. */
  #tellOthersOf(member: Member): void {
    const others = this.#connected.of(member.user).filter((one) => one !== member);
    if (others.length === 0) return;
    const frame = new SharedFrame(encode({ t: 'presence', users: [], elsewhere: true }));
    for (const other of others) other.ephemeral(frame, 'soon');
  }

  /** Who shares a conversation that is not too large, and the user's own other devices. */
  #contacts(user: string): Set<string> {
    const contacts = new Set([user]);
    for (const conv of this.#hub.conversations(user)) {
      const members = this.#hub.members(conv);
      if (members.size <= LIMITS.smallGroup) for (const one of members) contacts.add(one);
    }
    return contacts;
  }
}
