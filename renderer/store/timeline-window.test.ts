/** The window of a timeline against a history in memory: whatever a person does, in whatever order answers come. */
import type { TimelineLines } from '@matchbook/protocol/bridge/places';
import type { ConversationRow, TimelinePage, TimelineRow } from '@matchbook/protocol/bridge/views';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { WINDOW_ROWS } from './reconcile.ts';
import { emptyState, type MatchbookState } from './state.ts';
import { PAGE, TimelineWindow } from './timeline-window.ts';
import { isNews } from './unread-line.ts';

const address = { account: 'a', conv: 'c' };

/** Lines at each place but every seventh, which is no line of its own. */
class World {
  head: number;
  readN = 0;
  readonly state = createStore<MatchbookState>(() => emptyState);
  readonly window: TimelineWindow;
  /** Names of the calls. */
  readonly asked: string[] = [];
  /** How often the message at a place was edited. */
  readonly #edits = new Map<number, number>();
  readonly #held: (() => void)[] = [];
  readonly #tasks: (() => void)[] = [];
  readonly #frames: (() => void)[] = [];

  constructor(head: number) {
    this.head = head;
    const call = async (name: string, request: object) => {
      this.asked.push(name);
      // As it is when it is asked; what changes meanwhile is told.
      const value =
        name === 'timeline.lines'
          ? this.lines((request as { places: number[] }).places)
          : this.page(request as { to?: number; after?: number; limit: number });
      await new Promise<void>((resolve) => this.#held.push(resolve));
      return { ok: true, value };
    };
    this.window = new TimelineWindow(
      { call, on: () => () => {} } as never,
      this.state,
      (_delay, run) => {
        this.#tasks.push(run);
        return () => {};
      },
      (run) => void this.#frames.push(run),
    );
  }

  lineBetween = (after: number, to: number) =>
    Array.from({ length: Math.max(0, to - after) }, (_, i) => after + 1 + i).some(this.line);

  /** Messages come, and the store tells which. */
  come(count: number, missed = false): void {
    this.head += count;
    this.tell(
      Array.from({ length: count }, (_, i) => this.head - i),
      missed,
    );
  }

  edit(n: number): void {
    this.#edits.set(n, (this.#edits.get(n) ?? 0) + 1);
    this.tell([n]);
  }

  tell(places: readonly number[] | null, missed = false): void {
    void this.window.rowsChanged(places, missed);
  }

  rowAt = (n: number): TimelineRow => rowAt(n, this.#edits.get(n) ?? 0);

  lines(places: readonly number[]): TimelineLines {
    const rows = [...places].sort((a, b) => a - b).filter(this.line);
    return { rows: rows.map(this.rowAt), waiting: [], readN: this.readN, unreadN: 0 };
  }

  line = (n: number) => n >= 1 && n <= this.head && n % 7 !== 0;

  page({ to, after, limit }: { to?: number; after?: number; limit: number }): TimelinePage {
    const all = Array.from({ length: this.head }, (_, i) => i + 1).filter(this.line);
    const some =
      after === undefined
        ? all.filter((n) => n <= (to ?? this.head)).slice(-limit)
        : all.filter((n) => n >= after).slice(0, limit);
    return {
      ...{
        rows: some.map(this.rowAt),
        waiting: [],
        holes: [],
        headN: this.head,
        readN: this.readN,
        unreadN: 0,
        unbroken: true,
      },
      older: all.some((n) => n < (some[0] ?? after ?? 0)),
      newer: all.some((n) => n > (some.at(-1) ?? to ?? this.head)),
    };
  }

  /** Answers come, and no frame does. */
  async answered(): Promise<void> {
    for (const answer of this.#held.splice(0)) answer();
    await new Promise((resolve) => setImmediate(resolve));
  }

  async settle(): Promise<void> {
    for (let idle = 0; idle < 4; ) {
      const held = this.#held.splice(0);
      // As they cross from main: one after the other, in the order in which they were asked for.
      for (const answer of held) {
        answer();
        await new Promise((resolve) => setImmediate(resolve));
      }
      const frames = this.#frames.splice(0);
      for (const frame of frames) frame();
      if (held.length === 0) for (const task of this.#tasks.splice(0)) task();
      idle = held.length + frames.length > 0 ? 0 : idle + 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Places shown, checked: an unbroken run of lines, and what is said of its ends is so. */
  shown(): number[] {
    const { timeline } = this.state.getState();
    if (!timeline) return [];
    const places = timeline.rows.map(({ n }) => n!);
    const [first, last] = [places[0] ?? 1, places.at(-1) ?? 0];
    expect(places).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i).filter(this.line));
    expect(timeline.older).toBe(first > 1);
    if (timeline.newer) expect(last).toBeLessThan(this.head);
    else expect(places.length === 0 || !this.lineBetween(last, timeline.headN)).toBe(true);
    return places;
  }

  /** What is shown is as it is now. */
  expectFresh(): void {
    const rows = this.state.getState().timeline?.rows ?? [];
    expect(rows.map(({ body }) => body)).toEqual(rows.map(({ n }) => this.rowAt(n!).body));
  }
}

const rowAt = (n: number, edits: number): TimelineRow => ({
  ...{ key: `k${n}`, id: `i${n}`, n, sender: 'bob', own: false, kind: 'message' },
  ...{
    body: { type: 'text/plain', text: `${n} ${edits}` },
    time: n,
    delivery: null,
    save: null,
    failure: null,
    frozen: false,
  },
});

describe('the window of a timeline', () => {
  it('shows the place that was asked for with rows to both sides, and comes back to the newest', async () => {
    const world = new World(5_000);
    world.window.open(address);
    await world.settle();
    expect(world.shown().at(-1)).toBe(5_000);
    void world.window.jumpTo(address, 1_200);
    await world.settle();
    const places = world.shown();
    expect(places).toContain(1_200);
    expect(places).toHaveLength(2 * PAGE.side);
    expect(world.state.getState().jump).toMatchObject({ n: 1_200, found: true });
    world.head = 5_001;
    await Promise.all([world.window.refresh(), world.settle()]);
    expect(world.shown()).toEqual(places);
    void world.window.toNewest();
    await world.settle();
    expect(world.shown().at(-1)).toBe(5_001);
    expect(world.state.getState().timeline?.newer).toBe(false);
  });

  it('stays where somebody went while the newest rows were on their way', async () => {
    const world = new World(5_000);
    world.window.open(address);
    void world.window.refresh();
    void world.window.jumpTo(address, 1_200);
    await world.settle();
    expect(world.shown()).toContain(1_200);
    void world.window.toNewest();
    void world.window.refresh();
    void world.window.jumpTo(address, 900);
    await world.settle();
    expect(world.shown()).toContain(900);
  });

  it('forgets the end away from which one scrolls, and finds it again', async () => {
    const world = new World(5_000);
    world.window.open(address);
    await world.settle();
    world.window.atNewest = false;
    for (let i = 0; i < 10; i++) {
      void world.window.older();
      await world.settle();
      expect(world.shown().length).toBeLessThanOrEqual(WINDOW_ROWS.most + PAGE.more);
    }
    const highest = world.shown().at(-1)!;
    expect(highest).toBeLessThan(4_900);
    for (let i = 0; i < 20; i++) {
      void world.window.newer();
      await world.settle();
    }
    expect(world.shown().at(-1)).toBe(5_000);
    expect(world.shown().length).toBeLessThanOrEqual(WINDOW_ROWS.most);
  });

  it('places older rows with a frame, and asks for them once however often it is scrolled until then', async () => {
    const world = new World(5_000);
    world.window.open(address);
    await world.settle();
    world.window.atNewest = false;
    const before = world.shown();
    world.asked.length = 0;
    void world.window.older();
    await world.answered();
    void world.window.older();
    expect(world.shown()).toEqual(before);
    expect(world.asked).toEqual(['timeline.page']);
    await world.settle();
    expect(world.shown()).toHaveLength(before.length + PAGE.more);
  });

  it('says where a place has no line, and begins there all the same', async () => {
    const world = new World(500);
    world.window.open(address, 70);
    await world.settle();
    expect(world.state.getState().jump).toMatchObject({ n: 70, found: false });
    expect(world.shown()).toContain(71);
  });

  it('asks for the message that changed, for those that came, and for no other', async () => {
    const world = new World(5_000);
    world.window.open(address);
    await world.settle();
    const before = world.state.getState().timeline!.rows;
    world.asked.length = 0;
    world.edit(4_990);
    world.come(3);
    world.edit(7);
    await world.settle();
    expect(new Set(world.asked)).toEqual(new Set(['timeline.lines']));
    expect(world.shown().at(-1)).toBe(5_003);
    world.expectFresh();
    const now = new Map(world.state.getState().timeline!.rows.map((row) => [row.n, row]));
    expect(before.filter((row) => now.get(row.n) !== row).map(({ n }) => n)).toEqual([4_990]);
  });

  it('opens at the first message where nothing was read and much is unread', async () => {
    const world = new World(1_000);
    const unread = (count: number) =>
      world.state.setState({ conversations: { a: [{ conv: 'c', unread: count } as ConversationRow] } });
    unread(900);
    world.window.open(address);
    await world.settle();
    expect(world.shown()[0]).toBe(1);
    expect(world.state.getState().timeline).toMatchObject({ lineAfter: 0, newer: true });
    unread(150);
    world.window.open(address);
    await world.settle();
    expect(world.shown().at(-1)).toBe(world.head);
  });

  it('asks for all of them where it is not told which ones, or not of all that came', async () => {
    const world = new World(5_000);
    world.window.open(address);
    await world.settle();
    const many = (to: number) => Array.from({ length: 100 }, (_, i) => to - i);
    for (const places of [() => null, (to: number) => [to], many]) {
      world.head += 3;
      world.asked.length = 0;
      world.tell(places(world.head));
      await world.settle();
      expect(world.asked).toContain('timeline.page');
      expect(world.shown().at(-1)).toBe(world.head);
    }
  });

  it('draws the unread line before what came while nobody looked on, and before nothing else', async () => {
    const world = new World(106);
    world.readN = 106;
    world.window.attended = true;
    const line = () => {
      const { timeline } = world.state.getState();
      return timeline?.rows.find((row) => isNews(row, timeline.lineAfter))?.n ?? null;
    };
    const comes = async (count: number) => {
      world.come(count);
      await world.settle();
      return line();
    };
    world.window.open(address);
    await world.settle();
    // They are seen coming, also where that is not told back yet, and where all rows are asked for.
    expect(await comes(2)).toBeNull();
    world.head += 2;
    world.tell(null);
    await world.settle();
    expect(line()).toBeNull();
    world.window.atNewest = false;
    expect(await comes(1)).toBe(111);
    world.window.atNewest = true;
    expect(await comes(1)).toBe(111);
    // As far as they have read, whoever knows of it.
    world.window.attended = false;
    world.window.moveLine(112);
    expect(line()).toBeNull();
    expect(await comes(1)).toBe(113);
    world.window.attended = true;
    expect(await comes(1)).toBe(113);
    // What is marked as unread is marked, whatever was told before.
    world.window.hold(address, true);
    world.readN = 107;
    await Promise.all([world.window.refresh(), world.settle()]);
    world.window.moveLine(112);
    expect(line()).toBe(108);
  });

  it('draws the unread line before what was missed and comes at once, also where somebody looks on; not before a little', async () => {
    const world = new World(106);
    world.readN = 106;
    world.window.attended = true;
    const line = () => {
      const { timeline } = world.state.getState();
      return timeline?.rows.find((row) => isNews(row, timeline.lineAfter))?.n ?? null;
    };
    const missed = async (count: number) => {
      world.come(count, true);
      await world.settle();
      return line();
    };
    world.window.open(address);
    await world.settle();
    expect(await missed(8)).toBeNull();
    expect(await missed(40)).toBe(115);
    // It goes on, and the line stays where it is shown.
    world.come(3);
    await world.settle();
    expect(line()).toBe(115);
  });

  it('draws no unread line before what one has answered, though it is not told yet that it was read', async () => {
    const world = new World(106);
    world.readN = 104;
    world.window.attended = true;
    const line = () => {
      const { timeline } = world.state.getState();
      return timeline?.rows.find((row) => isNews(row, timeline.lineAfter))?.n ?? null;
    };
    const answers = (id: string) => {
      const row = { key: `me/${id}`, id, n: null, sender: 'me', own: true, kind: 'message' } as TimelineRow;
      world.window.append(address, row);
    };
    world.window.open(address);
    await world.settle();
    expect(line()).toBe(106);
    answers('one');
    expect(line()).toBeNull();
    // Off to another program at once.
    world.window.attended = false;
    world.window.moveLine(104);
    expect(line()).toBeNull();
    world.come(1);
    await world.settle();
    expect(line()).toBe(107);
    // Written before anything of the conversation was shown.
    world.window.open(address);
    answers('two');
    await world.settle();
    expect(line()).toBeNull();
    world.window.moveLine(104);
    expect(line()).toBeNull();
    world.come(1);
    await world.settle();
    expect(line()).toBe(108);
  });

  it('is an unbroken run of bounded length, whatever is done in whatever order', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constantFrom('jump' as const, 'edit' as const),
        n: fc.integer({ min: 1, max: 3_100 }),
      }),
      fc
        .constantFrom(...(['older', 'newer', 'newest', 'refresh', 'settle', 'come', 'scrolled'] as const))
        .map((kind) => ({ kind })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3_000 }),
        fc.array(step, { maxLength: 40 }),
        async (head, steps) => {
          const world = new World(head);
          world.window.open(address);
          for (const one of steps) {
            if (one.kind === 'jump') void world.window.jumpTo(address, one.n);
            // Of what is not there yet nobody tells that it is another one.
            else if (one.kind === 'edit' && world.head > 0) world.edit(Math.min(one.n, world.head));
            else if (one.kind === 'older') void world.window.older();
            else if (one.kind === 'newer') void world.window.newer();
            else if (one.kind === 'newest') void world.window.toNewest();
            else if (one.kind === 'scrolled') world.window.atNewest = false;
            else if (one.kind === 'settle') await world.settle();
            else if (one.kind === 'come') world.come(3);
            else void world.window.refresh();
            world.shown();
          }
          await world.settle();
          world.expectFresh();
          expect(world.shown().length).toBeLessThanOrEqual(WINDOW_ROWS.most + PAGE.more);
          void world.window.toNewest();
          await world.settle();
          world.tell([]);
          await world.settle();
          world.expectFresh();
          const lines = Array.from({ length: world.head }, (_, i) => i + 1).filter(world.line);
          expect(world.shown().at(-1)).toBe(lines.at(-1));
          expect(world.state.getState().timeline?.newer).toBe(false);
        },
      ),
      { numRuns: 60 },
    );
  });
});
