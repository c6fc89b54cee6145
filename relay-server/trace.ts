import type { Hub } from './forwarding/hub.ts';
import { Milestones } from './forwarding/milestones.ts';
import type { LogReading } from './reader/port.ts';

/** A time (ms since 1970), `before` what is remembered, or null: not yet. */
type When = number | 'before' | null;

export interface TracedDevice {
  user: string;
  device: string;
  connection: number;
  sent: When;
  confirmed: When;
}
export interface Traced {
  id: string;
  sender: string;
  conv: string;
  n: number;
  seq: number;
  /** When the log wrote it, when that was durable, and when its sender was told. */
  appended: number;
  committed: When;
  acked: When;
  devices: TracedDevice[];
  saved: When;
  saveFailed: string | null;
}

/** What a trace asks of a connection. */
export interface TracedConnection {
  readonly peer: number;
  readonly user: string;
  readonly device: string;
  readonly milestones: { sent: Milestones; confirmed: Milestones } | null;
}

const GROUPS = 4_096;

/**
 * The way of one message, put together when somebody asks: nothing is noted by message, only when each party got how far in
 * the log.
 */
export class Trace {
  readonly committed: Milestones;
  readonly acked: Milestones;
  readonly saved: Milestones;
  readonly #reader: LogReading;
  readonly #hub: Pick<Hub, 'members'>;
  readonly #connections: () => Iterable<TracedConnection>;

  /** @param start where the log and the API's progress stand when this process begins */
  constructor(
    reader: LogReading,
    hub: Pick<Hub, 'members'>,
    start: { head: number; saved: number },
    connections: () => Iterable<TracedConnection>,
  ) {
    this.committed = new Milestones(GROUPS, start.head);
    this.acked = new Milestones(GROUPS, start.head);
    this.saved = new Milestones(GROUPS, start.saved);
    this.#reader = reader;
    this.#hub = hub;
    this.#connections = connections;
  }

  async of(id: string): Promise<Traced[]> {
    const found = await this.#reader.ask({ type: 'trace', id });
    return found.map(({ seq, sender, conv, n, time, dead }) => ({
      ...{ id, sender, conv, n, seq, appended: time },
      committed: this.committed.when(seq),
      acked: this.acked.when(seq),
      devices: this.#devices(conv, seq),
      saved: dead === null ? this.saved.when(seq) : null,
      saveFailed: dead,
    }));
  }

  #devices(conv: string, seq: number): TracedDevice[] {
    const members = this.#hub.members(conv);
    const devices: TracedDevice[] = [];
    for (const { peer, user, device, milestones } of this.#connections()) {
      if (!members.has(user) || !milestones) continue;
      const [sent, confirmed] = [milestones.sent.when(seq), milestones.confirmed.when(seq)];
      devices.push({ user, device, connection: peer, sent, confirmed });
    }
    return devices;
  }
}
