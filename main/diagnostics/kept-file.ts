/** The plots of the last hour, across a restart of the app: written now and then, and as the app ends. Losing it costs a picture. */
import { PLOT_SPAN } from '@matchbook/protocol/bridge/diagnostics';
import Type from 'typebox';
import { Check } from 'typebox/value';
import { DurableJsonFile } from '../profile/durable-json-file.ts';
import type { Diagnostics, Kept } from './diagnostics.ts';

const INTERVAL = 5 * 60_000;

const Count = Type.Number({ minimum: 0 });
const KeptSchema = Type.Object({
  stretches: Type.Record(
    Type.String(),
    Type.Array(
      Type.Object({ at: Count, frames: Count, bytes: Count, silence: Count, trips: Type.Array(Count) }),
      { maxItems: 1_000 },
    ),
  ),
  marks: Type.Array(Type.Object({ at: Count, kind: Type.String({ maxLength: 20 }) }), { maxItems: 1_000 }),
});

export interface KeptFileParts {
  path: string;
  diagnostics: Diagnostics;
  now(): number;
  repeat(work: () => void, interval: number): void;
  log(line: string): void;
}

/** @returns what writes it for the last time */
export async function keepPlots({
  path,
  diagnostics,
  now,
  repeat,
  log,
}: KeptFileParts): Promise<() => Promise<void>> {
  const file = new DurableJsonFile<Kept>(path);
  const found = await file.read().catch(() => null);
  if (found && Check(KeptSchema, found)) {
    const from = now() - PLOT_SPAN;
    diagnostics.restore({
      stretches: Object.fromEntries(
        Object.entries(found.stretches).map(([account, all]) => [
          account,
          all.filter(({ at }) => at >= from && at <= now()),
        ]),
      ),
      marks: found.marks.filter(({ at }) => at >= from && at <= now()),
    });
  }
  let written = diagnostics.ring.last;
  const write = async () => {
    if (diagnostics.ring.last === written) return;
    written = diagnostics.ring.last;
    await file.write(diagnostics.kept()).catch((error: unknown) => log(`diagnostics: ${error}`));
  };
  repeat(() => void write(), INTERVAL);
  return write;
}
