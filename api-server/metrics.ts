/** Prometheus metrics of an API server, in base units. Routes are told by their pattern, never by what a person asked for. */
import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds. */
const BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const BATCH_BUCKETS = [1, 4, 16, 64, 128, 256];

/** What is asked when metrics are read, instead of being counted all the time. */
export interface Gauged {
  outboundWaiting(): Promise<number>;
  deadLetters(): Promise<number>;
  searchPending(): Promise<number>;
  fileFaults(): Promise<number>;
  /** Seconds since a batch was saved; null before the first. */
  lastSave(): Promise<number | null>;
}

export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Histogram<'method' | 'route' | 'status'>;
  readonly saved: Counter;
  readonly rejected: Counter;
  readonly batch: Histogram;

  constructor(gauged: Gauged) {
    const registers = [this.registry];
    this.#requests = new Histogram({
      name: 'matchbook_api_request_seconds',
      help: 'Requests, from their headers to the end of the answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS,
      registers,
    });
    this.saved = new Counter({
      name: 'matchbook_api_saved_items_total',
      help: 'Items of the log that were saved.',
      registers,
    });
    this.rejected = new Counter({
      name: 'matchbook_api_rejected_items_total',
      help: 'Items of the log that can never be saved.',
      registers,
    });
    this.batch = new Histogram({
      name: 'matchbook_api_save_batch_items',
      help: 'Items of a batch.',
      buckets: BATCH_BUCKETS,
      registers,
    });
    const gauge = (name: string, help: string, ask: () => Promise<number | null>) =>
      new Gauge({
        name: `matchbook_api_${name}`,
        help,
        registers,
        async collect() {
          const value = await ask();
          if (value !== null) this.set(value);
        },
      });
    gauge('outbound_waiting', 'Items that wait for the relay.', gauged.outboundWaiting);
    gauge('dead_letters', 'Items that an admin should look at.', gauged.deadLetters);
    gauge(
      'file_faults',
      'Stored files that are missing or damaged, as the last check found.',
      gauged.fileFaults,
    );
    gauge('search_pending', 'Messages that are not indexed yet.', gauged.searchPending);
    gauge('last_save_age_seconds', 'Since the relay saved a batch.', gauged.lastSave);
    collectDefaultMetrics({ register: this.registry });
  }

  /** Measures every request that comes after it. */
  measured: RequestHandler = (request, response, next) => {
    const end = this.#requests.startTimer();
    response.once('close', () => {
      // What no route answered has one label, so that strangers make no new ones.
      const route = (request.route as { path?: string } | undefined)?.path ?? 'none';
      end({ method: request.method, route, status: response.statusCode });
    });
    next();
  };
}
