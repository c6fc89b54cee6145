import type { IncomingMessage, ServerResponse } from 'node:http';
import { encode } from '@matchbook/protocol/codec';
import { CURSOR_PATTERN } from '@matchbook/protocol/cursor';
import type { Failure } from '@matchbook/protocol/failures';
import type { SavedItem } from '@matchbook/protocol/frames';
import { isId } from '@matchbook/protocol/ids';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Admission } from '../connection/admission.ts';
import { positionOf } from '../connection/handshake.ts';
import type { Member } from '../connection/member.ts';
import type { Credentials, Identity } from '../credentials/credentials.ts';
import type { DeliveredPositions } from '../forwarding/delivered.ts';
import { Forwarding } from '../forwarding/forwarding.ts';
import type { Hub } from '../forwarding/hub.ts';
import type { LogReading } from '../reader/port.ts';
import { jsonText, problem } from './answers.ts';
import type { Routes } from './face.ts';
import { bearerOf } from './operations.ts';

const CURSOR = new RegExp(CURSOR_PATTERN);
export interface EntriesParts {
  credentials: Pick<Credentials, 'bearer'>;
  admission: Pick<Admission<Member>, 'enter' | 'leave'>;
  hub: Hub;
  reader: LogReading;
  delivered: Pick<DeliveredPositions, 'note'>;
  /** How far the API server has what was appended, and what it waits for, seq. */
  saveProgress: () => { saved: number; delayed: number };
  creditItems: number;
  creditBytes: number;
  farBehind: number;
  /** Wall clock and monotonic clock, ms. */
  now: () => number;
  monotonic: () => number;
}

/** Receiving without a WebSocket: the frames that a socket would bring, a request at a time. */
export class EntriesByPoll {
  readonly #parts: EntriesParts;
  readonly #polls = new Set<Poll>();

  constructor(parts: EntriesParts) {
    this.#parts = parts;
  }

  get routes(): Routes {
    return { '/entries': { GET: (request, response, url) => this.#poll(request, response, url) } };
  }

  /** A session was ended, or the relay stops. */
  close(failure: Failure, session?: string): void {
    for (const poll of this.#polls)
      if (session === undefined || poll.session === session) poll.close(failure);
  }

  async #poll(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { credentials, admission, hub, reader, delivered, farBehind } = this.#parts;
    const verdict = await credentials.bearer(bearerOf(request));
    if (!verdict.ok) return problem(response, verdict.failure);
    const cursor = url.searchParams.get('cursor') || null;
    if (cursor !== null && !CURSOR.test(cursor))
      return problem(response, { kind: 'invalid_field', message: 'This is no cursor.', field: 'cursor' });
    const wait = Number(url.searchParams.get('wait') ?? LIMITS.pollWait);
    if (!Number.isInteger(wait) || wait < 0 || wait > LIMITS.pollWait) {
      const message = `wait is 0 to ${LIMITS.pollWait} seconds.`;
      return problem(response, { kind: 'invalid_field', message, field: 'wait', limit: LIMITS.pollWait });
    }
    const bytes = Number(url.searchParams.get('bytes') ?? LIMITS.pollBytes);
    if (!Number.isInteger(bytes) || bytes < LIMITS.pollBytesLeast || bytes > LIMITS.pollBytes) {
      const message = `bytes is ${LIMITS.pollBytesLeast} to ${LIMITS.pollBytes}.`;
      return problem(response, { kind: 'invalid_field', message, field: 'bytes', limit: LIMITS.pollBytes });
    }
    const asked = (url.searchParams.get('status') || null)?.split(',') ?? [];
    if (asked.length > LIMITS.pollStatusIds || !asked.every(isId)) {
      const message = `status is at most ${LIMITS.pollStatusIds} ids with commas between them.`;
      return problem(response, {
        ...{ kind: 'invalid_field', message, field: 'status', limit: LIMITS.pollStatusIds },
      });
    }
    const { user } = verdict.identity;
    const position = await positionOf(user, cursor, { hub, reader, farBehind });
    if (position.resume === 'cursor') {
      // The cursor of this request is the confirmation of the answer before it.
      const stored = await reader.ask({ type: 'stored', user, seq: position.seq });
      for (const [conv, n] of stored) delivered.note(user, conv, n);
    }
    const states =
      asked.length > 0
        ? await reader.ask({ type: 'status', user, ids: asked, ...this.#parts.saveProgress() })
        : [];
    if (response.destroyed) return;
    // Two empty answers are at least two seconds apart, whatever is asked for.
    const longest = Math.max(wait * 1_000, LIMITS.pollFloor);
    const poll = new Poll(verdict.identity, this.#parts, longest, bytes);
    const entered = admission.enter(poll);
    if ('failure' in entered) return problem(response, entered.failure);
    entered.replaced?.close({
      kind: 'session_replaced',
      message: 'A newer session of this device took over.',
    });
    this.#polls.add(poll);
    response.once('close', () => poll.close({ kind: 'draining', message: 'The peer is gone.' }));
    if (states.length > 0) poll.saved(states);
    const outcome = await poll.run(position);
    this.#polls.delete(poll);
    admission.leave(poll);
    if (response.destroyed) return;
    if ('kind' in outcome) problem(response, outcome);
    else jsonText(response, 200, `{"frames":[${outcome.frames.join(',')}]}`);
  }
}

/** One request that waits for something to say. */
class Poll implements Member {
  readonly user: string;
  readonly device: string;
  readonly session: string;
  readonly #parts: EntriesParts;
  readonly #longest: number;
  /** Bytes after which the answer is not waited with any more. */
  readonly #enough: number;
  readonly #frames: string[] = [];
  #bytes = 0;
  #ended: Failure | null = null;
  #wake: () => void = () => {};
  #forwarding: Forwarding | null = null;

  constructor({ user, device, session }: Identity, parts: EntriesParts, longest: number, enough: number) {
    this.user = user;
    this.device = device;
    this.session = session;
    this.#parts = parts;
    this.#longest = longest;
    this.#enough = enough;
  }

  close(failure: Failure): void {
    this.#ended ??= failure;
    this.#wake();
  }

  saved(items: SavedItem[]): void {
    this.#push(encode({ t: 'saved', items }));
  }

  // Typing and presence are for those who hear them in time.
  ephemeral(): void {}

  async run(position: Parameters<Forwarding['start']>[0]): Promise<{ frames: string[] } | Failure> {
    const { hub, reader, creditItems, creditBytes, monotonic } = this.#parts;
    const forwarding = new Forwarding(
      {
        hub,
        reader,
        creditItems,
        creditBytes: Math.min(creditBytes, this.#enough),
        farBehind: this.#parts.farBehind,
        now: monotonic,
        wallClock: this.#parts.now,
      },
      {
        user: this.user,
        peer: 0,
        send: (text) => this.#push(text),
        share: (frame) => this.#push(frame.text),
        bulk: (text) => {
          this.#push(text);
          return Promise.resolve(!this.#ended);
        },
        // The next request says what was stored.
        delivered: () => {},
        // And is asked again how far it is.
        tooFar: () => {},
        broken: (error) =>
          this.close({
            kind: 'internal',
            message: error instanceof Error ? error.message : 'The log cannot be read.',
          }),
      },
    );
    this.#forwarding = forwarding;
    await forwarding.start(position);
    if (this.#frames.length === 0 && !this.#ended) await this.#something();
    if (this.#ended) {
      forwarding.close();
      return this.#ended;
    }
    // Everything of this turn, and where that leads: an empty answer still moves the cursor to the head.
    const head = forwarding.headOrBehind();
    forwarding.close();
    this.#frames.push(encode({ t: 'heartbeat', ...head, time: this.#parts.now() }));
    return { frames: this.#frames };
  }

  #push(text: string): void {
    this.#frames.push(text);
    this.#bytes += text.length;
    this.#wake();
    if (this.#bytes > this.#enough) this.#forwarding?.close();
  }

  async #something(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#longest);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
