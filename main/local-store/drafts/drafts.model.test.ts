/** Two devices of one person with one draft, against a log that keeps one register of it. */
import type { OutboxItem } from '@matchbook/protocol/bridge/host';
import type { DraftRegister } from '@matchbook/protocol/entries';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { entries, ME, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

const account = ACCOUNT;
const conv = 'g';
const cursors = new TestLog();

/** What the relay does with draft registers and messages (sequencer/registers.ts). */
class Log {
  present: (DraftRegister & { id: string }) | null = null;
  seq = 0;
  readonly sent: string[] = [];
  readonly #ids = new Set<string>();

  append(device: number, { id, append }: OutboxItem): { ok: true } | { ok: false; present?: object } {
    const own = `${device}/${id}`;
    if (append.kind === 'message') {
      if (!this.#ids.has(own) && 'text' in append.body) this.sent.push(append.body.text);
      this.#ids.add(own);
      return { ok: true };
    }
    if (append.kind !== 'draft') throw new Error(`a ${append.kind} was sent`);
    if (this.present?.id === own) return { ok: true };
    const v = this.present?.v ?? 0;
    if (append.replaces !== v) return { ok: false, ...(this.present ? { present: this.register()! } : {}) };
    this.seq += 1;
    const body = append.body ? { body: append.body } : {};
    this.present = { reg: 'draft', conv, user: ME, time: this.seq, v: v + 1, id: own, ...body };
    return { ok: true };
  }

  register(): DraftRegister | null {
    if (!this.present) return null;
    const { id: _, ...register } = this.present;
    return register;
  }
}

class Device {
  readonly at = new TestStore();
  /** The version that its composer shows, and whether it has told of a change since. */
  shown = 0;
  readonly name: number;
  readonly log: Log;
  #ids = 0;

  constructor(name: number, log: Log) {
    this.name = name;
    this.log = log;
  }

  draft() {
    return this.at.store.readDraft({ account, conv });
  }

  /** As the composer does it; `fresh`: it has heard of the newest version. */
  async type(text: string, fresh: boolean) {
    if (fresh) this.shown = (await this.draft()).version;
    const { version } = await this.at.store.saveDraft({ account, conv, text, basis: this.shown });
    this.shown = version;
  }

  async submit() {
    const { text, version } = await this.draft();
    if (text.trim() === '') return;
    const id = `m-${this.name}-${++this.#ids}`;
    await this.at.store.submit({ account, conv, id, text, draftVersion: version });
  }

  /** Sends what waits; `heard`: the answer comes back. Answers whether there was something. */
  async send(heard: boolean): Promise<boolean> {
    const items = await this.at.store.outbox(account);
    if (items.length === 0) return false;
    const { ids } = await this.at.store.release({ account, ids: items.map(({ id }) => id) });
    for (const item of items.filter(({ id }) => ids.includes(id))) {
      const verdict = this.log.append(this.name, item);
      if (!heard) continue;
      const { id } = item;
      if (!verdict.ok) {
        const failure = { kind: 'conflict' as const, message: 'It was changed meanwhile.' };
        const refusal = {
          id,
          failure,
          final: true,
          ...(verdict.present ? { present: verdict.present } : {}),
        };
        await this.at.store.refused({ account, items: [refusal] });
      } else if (item.append.kind === 'message') {
        // Its row is of no matter here.
        await this.at.store.refused({
          account,
          items: [{ id, failure: { kind: 'not_member', message: '' }, final: true }],
        });
        await this.at.store.discard({ account, id, newId: `x-${id}` });
      } else await this.at.store.acked({ account, conv, items: [{ id }] });
    }
    return true;
  }

  async hear() {
    const register = this.log.register();
    if (register)
      await this.at.store.storeFrame({ account, raw: entries([register], cursors.cursor(this.log.seq)) });
  }

  async texts(): Promise<string[]> {
    const { text, other } = await this.draft();
    const earlier = await this.at.store.earlierTexts({ account, conv });
    const { items } = await this.at.store.waitingItems(account);
    return [text, other?.text ?? '', ...earlier.map((one) => one.text), ...items.map((one) => one.text)];
  }
}

const device = fc.constantFrom(0, 1);
const step = fc.oneof(
  fc.record({ do: fc.constantFrom('write', 'more', 'clear'), device, fresh: fc.boolean() }),
  fc.record({ do: fc.constantFrom('share', 'share', 'submit', 'crash', 'reopen', 'hear', 'hear'), device }),
  fc.record({ do: fc.constant('send'), device, heard: fc.boolean() }),
  fc.record({ do: fc.constantFrom('use', 'both', 'dismiss'), device }),
);
type Step = { do: string; device: number; fresh?: boolean; heard?: boolean };

it('I11: through switches, crashes, lost answers and conflicts each text is somewhere, and quiet devices agree', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps: Step[]) => {
      const log = new Log();
      const devices = [new Device(0, log), new Device(1, log)];
      const typed = new Set<string>();
      let count = 0;
      // No two have anything in common, so that none passes for a change of another.
      const word = () => String.fromCharCode(0x4e00 + ++count).repeat(12);
      try {
        for (const one of devices) await one.at.open();
        const everywhere = async () =>
          [...log.sent, ...(await devices[0]!.texts()), ...(await devices[1]!.texts())].join('\n\n');
        for (const { do: what, device: which, fresh = true, heard = true } of steps) {
          const at = devices[which]!;
          if (what === 'write' || what === 'more' || what === 'clear') {
            const before = (await at.draft()).text;
            const said = word();
            const text = what === 'clear' ? '' : what === 'write' ? said : `${before}${said}`;
            if (what !== 'clear') typed.add(said);
            await at.type(text, fresh);
          } else if (what === 'share') await at.at.store.shareDraft({ account, conv });
          else if (what === 'submit') await at.submit();
          else if (what === 'crash') await at.at.crash();
          else if (what === 'reopen') await at.at.reopen();
          else if (what === 'hear') await at.hear();
          else if (what === 'send') await at.send(heard);
          else {
            await at.at.store.chooseDraft({ account, conv, choice: what as 'use' | 'both' | 'dismiss' });
          }
          const all = await everywhere();
          for (const text of typed) expect([text, all.includes(text)]).toEqual([text, true]);
        }
        // Quiet: everything is said and heard, and whoever is asked chooses.
        let rounds = 0;
        for (let busy = true; busy; rounds++) {
          expect(rounds).toBeLessThan(20);
          busy = false;
          for (const at of devices) {
            const { other } = await at.draft();
            if (other) await at.at.store.chooseDraft({ account, conv, choice: 'both' });
            await at.at.store.shareDraft({ account, conv });
            while (await at.send(true)) busy = true;
            await at.hear();
            busy ||= (await at.draft()).other !== undefined;
          }
        }
        const [one, two] = [await devices[0]!.draft(), await devices[1]!.draft()];
        expect(one.text).toBe(two.text);
        const all = await everywhere();
        for (const text of typed) expect([text, all.includes(text)]).toEqual([text, true]);
      } finally {
        for (const one of devices) await one.at.dispose();
      }
    }),
    { numRuns: Number(process.env.DRAFT_RUNS ?? 40) },
  );
}, 120_000);
