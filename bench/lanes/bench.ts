import { directConversationId } from '@matchbook/protocol/ids';
import { Stage } from '../../relay-server/testing/stage.ts';
import { message, TestClient } from '../../relay-server/testing/test-client.ts';
import { slowLine } from './line.ts';

const TEXT = 'x'.repeat(256);
const fast = '1000000/1000000';
const rates = { RELAY_RATE_USER: fast, RELAY_RATE_DEVICE: fast, RELAY_RATE_CONVERSATION: fast };
const stage = await Stage.set({ ...rates, RELAY_FAR_BEHIND_ENTRIES: '100000' }, 'ann', 'bob');
const AB = directConversationId('ann', 'bob');
const ann = await stage.device('ann', 'a1');
await ann.append(AB, [{ id: 'c', kind: 'create', form: 'direct', members: ['ann', 'bob'] }]);
const first = await stage.device('bob', 'b0');
await first.until('the creation', () => first.entries.length > 0);
const { cursor } = first;
first.close();
for (let i = 0; i < 4_000; i += 50)
  await ann.append(
    AB,
    Array.from({ length: 50 }, (_, k) => message(`m${i + k}`, TEXT)),
  );

const middle = (all: number[]) => Math.round(all.sort((one, other) => one - other)[all.length >> 1]!);
const worst = (all: number[]) => Math.round(Math.max(...all));

/** Round trips of pings, every 50 ms, until a condition holds. */
async function pings(client: TestClient, until: () => boolean, longest: number): Promise<number[]> {
  const trips: number[] = [];
  const end = performance.now() + longest;
  const waiting: Promise<void>[] = [];
  for (let at = 1; !until() && performance.now() < end; at++) {
    const sent = performance.now();
    const stamp = Math.round(sent * 1_000) + at;
    client.send({ t: 'ping', at: stamp });
    waiting.push(
      client
        .frame('pong', (frame) => frame.at === stamp)
        .then(() => void trips.push(performance.now() - sent)),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await Promise.all(waiting);
  return trips;
}

let device = 0;
for (const [name, bits, bytes] of [
  ['10 Mbit/s', 10_000_000, 1_600_000],
  ['256 kbit/s', 256_000, 1_600_000],
] as const) {
  const port = await slowLine(stage.relay.port, bits, 50);
  const url = `ws://127.0.0.1:${port}/ws`;
  const hello = async (id: string) => ({ token: await stage.api.token('bob', id), device: id, cursor });
  // The line without a load: what a round trip takes anyhow.
  const idle = await TestClient.welcomed(url, {
    ...(await hello(`idle${device}`)),
    cursor: ann.cursor || null,
  });
  const quiet = await pings(idle, () => false, 1_000);
  idle.close();
  const id = `b${++device}`;
  const begun = performance.now();
  const bob = await TestClient.welcomed(url, await hello(id));
  const seconds = Math.min(20, (bytes * 8) / bits);
  const busy = await pings(bob, () => bob.entries.length >= 4_000, seconds * 1_000);
  const got = bob.entries.length;
  const took = (performance.now() - begun) / 1_000;
  bob.close();
  console.log(
    JSON.stringify({
      line: `${name}, 50 ms there and back`,
      roundTripIdleMs: { median: middle(quiet), worst: worst(quiet) },
      roundTripInCatchUpMs: { median: middle(busy), worst: worst(busy) },
      addedMs: { median: middle(busy) - middle(quiet), worst: worst(busy) - middle(quiet) },
      entriesCaughtUp: got,
      kilobitPerSecond: Math.round((got * 430 * 8) / 1_000 / took),
    }),
  );
}
await stage.clear();
process.exit(0);
