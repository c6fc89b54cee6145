import type { Failure } from '@matchbook/protocol/failures';
import { ManyMap } from '../forwarding/many-map.ts';

/** Counts connections: in all, unknown ones by address, known ones by user; and finds the one of a device. */
export class Admission<C extends { readonly user: string; readonly device: string }> {
  readonly #limits: { sockets: number; unauthenticatedPerAddress: number; socketsPerUser: number };
  readonly #unknown = new Map<string, number>();
  readonly #users = new ManyMap<string, C>();
  #all = 0;

  constructor(limits: { sockets: number; unauthenticatedPerAddress: number; socketsPerUser: number }) {
    this.#limits = limits;
  }

  get connections(): number {
    return this.#all;
  }

  of(user: string): readonly C[] {
    return this.#users.of(user);
  }

  /** How many connections a user has. */
  count(user: string): number {
    return this.#users.count(user);
  }

  /** A new socket of an address. */
  arrive(address: string): Failure | null {
    const unknown = this.#unknown.get(address) ?? 0;
    if (this.#all >= this.#limits.sockets || unknown >= this.#limits.unauthenticatedPerAddress)
      return { kind: 'too_many_sockets', message: 'There are too many connections.', retryAfter: 5 };
    this.#all += 1;
    this.#unknown.set(address, unknown + 1);
    return null;
  }

  /** It has said hello, or is gone before it did. */
  settle(address: string): void {
    const unknown = (this.#unknown.get(address) ?? 1) - 1;
    if (unknown > 0) this.#unknown.set(address, unknown);
    else this.#unknown.delete(address);
  }

  /** Takes the connection of a device in; `replaced` is the one it had before, which must be closed. */
  enter(connection: C): { replaced: C | null } | { failure: Failure } {
    const { user, device } = connection;
    const replaced = this.#users.of(user).find((one) => one.device === device) ?? null;
    if (replaced) this.#users.delete(user, replaced);
    if (this.#users.count(user) >= this.#limits.socketsPerUser) {
      const failure: Failure = {
        kind: 'too_many_sockets',
        message: 'This user has too many connections.',
        limit: this.#limits.socketsPerUser,
        retryAfter: 30,
      };
      return { failure };
    }
    this.#users.add(user, connection);
    return { replaced };
  }

  leave(connection: C): void {
    this.#users.delete(connection.user, connection);
  }

  /** The socket is gone. */
  depart(): void {
    this.#all -= 1;
  }
}
