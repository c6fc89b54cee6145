/**
 * Of a group that one came to later, the log tells nothing that was said before: neither who is in it nor what it is called. The server does. It is asked
 * until it answers, because it may not have heard of one's coming yet.
 */
import { Body, Id, Role } from '@matchbook/protocol/entries';
import Type from 'typebox';
import type { ServerRequests } from '../accounts/server-requests.ts';
import type { LocalStore } from '../local-store/local-store.ts';

const Nullable = Type.Union([Body, Type.Null()]);
const Members = Type.Object({
  members: Type.Array(Type.Object({ user: Id, name: Type.String(), role: Role })),
  now: Type.Optional(
    Type.Object({ n: Type.Integer(), name: Nullable, picture: Nullable, settings: Nullable }),
  ),
});

/** Between two looks at one account, ms: after a change, and doubling while a server does not answer with all of it. */
const SOON = 500;
const LATEST = 60_000;

export interface GroupTeacherParts {
  store: Pick<LocalStore, 'untoldGroups' | 'learnGroup'>;
  server: Pick<ServerRequests, 'get'>;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

export class GroupTeacher {
  readonly #parts: GroupTeacherParts;
  readonly #looks = new Map<string, { timer: { cancel(): void }; pause: number }>();
  #closed = false;

  constructor(parts: GroupTeacherParts) {
    this.#parts = parts;
  }

  /** Something of an account's conversations changed, or it is connected now. */
  look(account: string): void {
    if (!this.#looks.has(account)) this.#later(account, SOON);
  }

  close(): void {
    this.#closed = true;
    for (const { timer } of this.#looks.values()) timer.cancel();
  }

  #later(account: string, pause: number): void {
    if (this.#closed) return;
    const timer = this.#parts.setTimer(() => void this.#ask(account, pause), pause);
    this.#looks.set(account, { timer, pause });
  }

  async #ask(account: string, pause: number): Promise<void> {
    const { store, server } = this.#parts;
    let left = 0;
    try {
      for (const conv of await store.untoldGroups(account)) {
        const path = `/api/conversations/${encodeURIComponent(conv)}/members`;
        const told = await server.get(account, path, Members).catch(() => null);
        if (told?.now) await store.learnGroup({ account, conv, now: told.now, members: told.members });
        else left++;
      }
      // What the server has not saved yet comes with the next look.
      if (left === 0 && (await store.untoldGroups(account)).length > 0) left++;
    } catch {
      // The account is not open, or the store will say so itself to whoever asks it.
    }
    this.#looks.delete(account);
    if (left > 0) this.#later(account, Math.min(pause * 2, LATEST));
  }
}
