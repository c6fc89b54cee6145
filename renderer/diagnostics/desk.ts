/** What the diagnostics window knows, and where it comes from: main alone, so that no other window can be in the way. */

import { DEFAULT_LOOK } from '@matchbook/protocol/bridge/choices';
import type {
  CheckResult,
  CheckStep,
  DiagnosticsBridge,
  NumberedEvent,
  Overview,
} from '@matchbook/protocol/bridge/diagnostics';
import type { Figures } from '@matchbook/protocol/bridge/figures';
import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import type { PreferenceFacts, Preferences } from '@matchbook/protocol/bridge/preferences';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { CHECK_ORDER } from './check/check-order.ts';
import { type LogFile, reading } from './export/log-file.ts';
import { inSlices } from './in-slices.ts';
import { EventBook } from './log/event-book.ts';
import { type Names, NO_NAMES, namesOf } from './log/names.ts';

/** Named here as well as in protocol/bridge/diagnostics.ts, whose schemas this window does without. */
const HELD = 50_000;
const PULL = 2_000;
/** Between two looks at the overview, ms. */
const LOOK = 1_000;
/** Between two askings for names, in looks. */
const NAMES_EVERY = 30;

export interface Check {
  account: string;
  running: CheckStep | null;
  results: CheckResult[];
}

export interface Known {
  overview: Overview | null;
  /** What the app costs; asked for while they are looked at. */
  figures: Figures | null;
  names: Names;
  failure: LocalFailure | null;
  checks: Record<string, Check>;
  /** A log of a file is looked at instead of the live one. */
  file: (LogFile & { book: EventBook }) | null;
  /** How the person wants windows to look and speak. */
  look: Look;
}
export type Look = Pick<Preferences, 'appearance' | 'language'> & {
  facts?: Pick<PreferenceFacts, 'languages'>;
};

export interface DeskParts {
  bridge: DiagnosticsBridge;
  isVisible(): boolean;
  repeat(work: () => void, interval: number): () => void;
}

export class Desk {
  readonly live = new EventBook(HELD);
  readonly store = createStore<Known>(() => ({
    overview: null,
    figures: null,
    names: NO_NAMES,
    failure: null,
    checks: {},
    file: null,
    look: DEFAULT_LOOK,
  }));
  #parts: DeskParts;
  #pulling: Promise<void> | null = null;
  #again = false;
  #looks = 0;
  #stops: (() => void)[] = [];

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  start(): void {
    const { bridge, repeat, isVisible } = this.#parts;
    this.#stops = [
      bridge.on('diagnostics.news', () => void this.pull()),
      bridge.on('diagnostics.changed', () => void this.look()),
      bridge.on('settings.changed', (look) => this.store.setState({ look })),
      repeat(() => {
        if (isVisible()) void this.look();
      }, LOOK),
    ];
    void this.pull();
    void this.look();
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  /** How windows look; asked for before the first paint. */
  async learnLook(): Promise<Look> {
    const answer = await this.#parts.bridge.call('diagnostics.preferences', {});
    if (answer.ok) this.store.setState({ look: answer.value });
    return this.store.getState().look;
  }

  /** Everything new, in order; one pull at a time. */
  pull(): Promise<void> {
    this.#again = true;
    this.#pulling ??= this.#pullAll().finally(() => {
      this.#pulling = null;
    });
    return this.#pulling;
  }

  async look(): Promise<void> {
    const overview = await this.#ask(this.#parts.bridge.call('diagnostics.overview', {}));
    if (overview) this.store.setState({ overview });
    if (this.#looks++ % NAMES_EVERY === 0) await this.#learnNames();
  }

  /** Asks for the figures now and then, from now on. Answers with what ends it. */
  watchFigures(every: number): () => void {
    const look = async () => {
      const figures = await this.#ask(this.#parts.bridge.call('diagnostics.figures', {}));
      if (figures) this.store.setState({ figures });
    };
    void look();
    return this.#parts.repeat(() => {
      if (this.#parts.isVisible()) void look();
    }, every);
  }

  reconnect(account: string): Promise<unknown> {
    return this.#act(this.#parts.bridge.call('diagnostics.reconnect', { account }));
  }

  /** No connection until the person wants one again. */
  rest(account: string): Promise<unknown> {
    return this.#act(this.#parts.bridge.call('diagnostics.rest', { account }));
  }

  resume(account: string): Promise<unknown> {
    return this.#act(this.#parts.bridge.call('diagnostics.resume', { account }));
  }

  async showContents(on: boolean): Promise<void> {
    await this.#act(this.#parts.bridge.call('diagnostics.contents', { on }));
    if (!on) this.live.forgetContents();
  }

  copy(text: string): Promise<null | undefined> {
    return this.#ask(this.#parts.bridge.call('diagnostics.copy', { text }));
  }

  save(name: string, text: string): Promise<{ path: string } | null | undefined> {
    return this.#ask(this.#parts.bridge.call('diagnostics.save', { name, text }));
  }

  async openFile(): Promise<void> {
    const chosen = await this.#ask(this.#parts.bridge.call('diagnostics.open', {}));
    if (!chosen) return;
    const file = await new Promise<(LogFile & { book: EventBook }) | null>((resolve) => {
      inSlices(bookOf(chosen), resolve);
    });
    if (!file) {
      const message = chosen.name;
      this.store.setState({ failure: { kind: 'bad_call', message } });
      return;
    }
    this.store.setState({ file, failure: null });
  }

  closeFile(): void {
    this.store.setState({ file: null });
  }

  dismissFailure(): void {
    this.store.setState({ failure: null });
  }

  async check(account: string): Promise<void> {
    if (this.store.getState().checks[account]?.running) return;
    const results: CheckResult[] = [];
    const tell = (running: CheckStep | null) =>
      this.store.setState(({ checks }) => ({
        checks: { ...checks, [account]: { account, running, results: [...results] } },
      }));
    for (const step of CHECK_ORDER) {
      tell(step);
      const result = await this.#ask(this.#parts.bridge.call('diagnostics.check', { account, step }));
      if (!result) break;
      results.push(result);
      // Behind a door that is shut nothing more can be learned.
      if (!result.ok && (step === 'network' || step === 'socket')) break;
    }
    tell(null);
  }

  async #pullAll(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      for (;;) {
        const outcome = await this.#ask(
          this.#parts.bridge.call('diagnostics.log', { after: this.live.last, limit: PULL }),
        );
        if (!outcome) return;
        this.live.append(outcome.lines.map((line) => JSON.parse(line) as NumberedEvent));
        if (outcome.lines.length < PULL) break;
      }
    }
  }

  async #learnNames(): Promise<void> {
    const outcome = await this.#parts.bridge.call('diagnostics.names', {});
    // Without them ids are shown.
    if (outcome.ok) this.store.setState({ names: namesOf(outcome.value, this.store.getState().overview) });
  }

  async #act(work: Promise<Outcome<unknown>>): Promise<void> {
    await this.#ask(work);
    await this.look();
  }

  async #ask<T>(work: Promise<Outcome<T>>): Promise<T | undefined> {
    const outcome = await work;
    if (outcome.ok) return outcome.value;
    this.store.setState({ failure: outcome.failure });
    return undefined;
  }
}

/** Events of a file that are laid into its book between two pauses. */
const LAID = 500;

function* bookOf({ name, text }: { name: string; text: string }) {
  const file = yield* reading(name, text);
  if (!file) return null;
  const book = new EventBook(Math.max(1, file.events.length));
  for (let at = 0; at < file.events.length; at += LAID) {
    book.append(file.events.slice(at, at + LAID));
    yield;
  }
  return { ...file, book };
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('There is no desk around this component.');
  return desk;
}

export function useKnown<T>(select: (known: Known) => T): T {
  return useStore(useDesk().store, select);
}
