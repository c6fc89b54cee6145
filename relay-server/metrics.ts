import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { GroupCommit } from './sequencer/messages.ts';

/** Seconds. A group commit takes 0.3 to 2 ms on a good disk; what is slower shows. */
const COMMIT_BUCKETS = [0.000_25, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1];
const GROUP_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const LAG_BUCKETS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/** What is asked when metrics are read, instead of being counted all the time. */
export interface Gauged {
  connections: () => { protocol: string; count: number }[];
  /** Rows of the log that each device is behind. */
  lags: () => number[];
  creditWaiting: () => number;
  persister: () => { backlog: number; lagSeconds: number; failing: boolean };
  sequencerPending: () => number;
}

/** Prometheus metrics of a relay, in base units. */
export class Metrics {
  readonly registry = new Registry();
  readonly connects: Counter<'protocol'>;
  readonly refusals: Counter<'reason'>;
  readonly disconnects: Counter<'reason'>;
  readonly welcomes: Counter<'resume' | 'by'>;
  readonly heartbeatsMissed: Counter;
  readonly deadLetters: Counter;
  readonly saved: Counter;
  readonly #appends: Counter;
  readonly #repeated: Counter;
  readonly #rows: Counter;
  readonly #commit: Histogram;
  readonly #group: Histogram;

  constructor() {
    const registers = [this.registry];
    const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
      new Counter<L>({ name: `matchbook_relay_${name}`, help, labelNames, registers });
    const histogram = (name: string, help: string, buckets: number[]) =>
      new Histogram({ name: `matchbook_relay_${name}`, help, buckets, registers });
    this.connects = counter('connects_total', 'Sockets that were opened.', ['protocol']);
    this.refusals = counter('refused_upgrades_total', 'Upgrades that were refused.', ['reason']);
    this.disconnects = counter('disconnects_total', 'Connections that ended, by reason.', ['reason']);
    this.welcomes = counter('resumes_total', 'Welcomes: how a device resumed and by what it signed in.', [
      'resume',
      'by',
    ]);
    this.heartbeatsMissed = counter('heartbeats_missed_total', 'Peers that fell silent.');
    this.deadLetters = counter('dead_letters_total', 'Entries that the API refused for good.');
    this.saved = counter('saved_entries_total', 'Entries that the API saved.');
    this.#appends = counter('appends_total', 'Items that were asked for and answered.');
    this.#repeated = counter('dedup_hits_total', 'Items that the log had already.');
    this.#rows = counter('log_rows_total', 'Rows that were committed.');
    this.#commit = histogram(
      'commit_seconds',
      'A group from the begin of its transaction to its commit.',
      COMMIT_BUCKETS,
    );
    this.#group = histogram('group_items', 'Items of a group.', GROUP_BUCKETS);
    collectDefaultMetrics({ register: this.registry });
  }

  group({ committed, stats: { items, repeated, took } }: GroupCommit): void {
    if (committed.length === 0 && items === 0) return;
    this.#appends.inc(items);
    if (repeated > 0) this.#repeated.inc(repeated);
    this.#rows.inc(committed.length);
    this.#commit.observe(took / 1_000);
    if (items > 0) this.#group.observe(items);
  }

  /** What is known elsewhere is asked there, when somebody asks. */
  watch(gauged: Gauged): void {
    const registers = [this.registry];
    const gauge = (name: string, help: string, labelNames: string[], collect: (gauge: Gauge) => void) =>
      new Gauge({
        name: `matchbook_relay_${name}`,
        help,
        labelNames,
        registers,
        collect() {
          collect(this);
        },
      });
    gauge('connections', 'Open connections.', ['protocol'], (self) => {
      self.reset();
      for (const { protocol, count } of gauged.connections()) self.set({ protocol }, count);
    });
    gauge('devices_behind', 'Devices that are at least so many rows of the log behind.', ['rows'], (self) => {
      const lags = gauged.lags();
      for (const bound of LAG_BUCKETS)
        self.set({ rows: String(bound) }, lags.filter((lag) => lag >= bound).length);
    });
    gauge('credit_waiting', 'Devices whose credit is used up.', [], (self) =>
      self.set(gauged.creditWaiting()),
    );
    gauge('persister_backlog_rows', 'Rows of the log that the API does not have yet.', [], (self) =>
      self.set(gauged.persister().backlog),
    );
    gauge('persister_lag_seconds', 'Age of the oldest row that the API does not have.', [], (self) =>
      self.set(gauged.persister().lagSeconds),
    );
    gauge('persister_failing', '1 while batches are refused as a whole.', [], (self) =>
      self.set(gauged.persister().failing ? 1 : 0),
    );
    gauge('sequencer_pending', 'Items and frames on their way to the log.', [], (self) =>
      self.set(gauged.sequencerPending()),
    );
  }
}
