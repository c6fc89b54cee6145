import { RECONNECT } from '@matchbook/protocol/limits';
import { Stage } from '../../relay-server/testing/stage.ts';
import { TestClient } from '../../relay-server/testing/test-client.ts';

const settings = Object.fromEntries(process.argv.slice(2).map((arg) => arg.split('='))) as Record<
  string,
  string
>;
const clients = Number(settings.clients ?? 1_000);
const fast = '1000000/1000000';
const env = {
  RELAY_UNAUTHENTICATED_PER_ADDRESS: String(clients),
  RELAY_RATE_USER: fast,
  RELAY_RATE_DEVICE: fast,
  RELAY_RATE_CONVERSATION: fast,
};
const stage = await Stage.set(env);
const users = Array.from({ length: clients }, (_, i) => `u${i}`);
for (let i = 0; i < clients; i += 50) await stage.introduce(...users.slice(i, i + 50));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A device that comes back as ours do: after what it was told, with full jitter. */
class Device {
  readonly user: string;
  client: TestClient | null = null;
  cursor: string | null = null;
  ticket: string | null = null;
  headAt = 0;

  constructor(user: string) {
    this.user = user;
  }

  async connect(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        const credential = this.ticket
          ? { ticket: this.ticket }
          : { token: await stage.api.token(this.user, 'd') };
        const client = await TestClient.welcomed(stage.relay.ws, {
          ...credential,
          device: 'd',
          cursor: this.cursor,
        });
        await client.frame('heartbeat', ({ head }) => head !== undefined);
        this.headAt = performance.now();
        this.client = client;
        this.ticket = client.welcome.ticket;
        return;
      } catch {
        await pause(Math.random() * Math.min(RECONNECT.cap, RECONNECT.base * 2 ** attempt));
      }
    }
  }

  async comeBack(): Promise<void> {
    const client = this.client!;
    await client.closed();
    this.cursor = client.cursor || this.cursor;
    const draining = client.frames.find(({ t }) => t === 'draining');
    await pause(((draining?.retryAfter ?? 0) + Math.random() * (draining?.spread ?? 0.5)) * 1_000);
    await this.connect();
  }
}

const devices = users.map((user) => new Device(user));
await Promise.all(devices.map((device) => device.connect()));
const back = Promise.all(devices.map((device) => device.comeBack()));
const begun = performance.now();
const code = await stage.relay.stop();
const stopped = performance.now();
await stage.boot(env);
const booted = performance.now();
await back;
const times = devices.map(({ headAt }) => (headAt - begun) / 1_000).sort((one, other) => one - other);
const metrics = await (await fetch(`${stage.relay.http}/metrics`)).text();
const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(metrics)![1]);
console.log(
  JSON.stringify({
    clients,
    exitCode: code,
    stopSeconds: Number(((stopped - begun) / 1_000).toFixed(2)),
    startSeconds: Number(((booted - stopped) / 1_000).toFixed(2)),
    atHeadSeconds: { half: Number(times[clients >> 1]!.toFixed(2)), all: Number(times.at(-1)!.toFixed(2)) },
    relayLoopLagP99Ms: Number((figure('nodejs_eventloop_lag_p99_seconds') * 1_000).toFixed(1)),
  }),
);
await stage.clear();
process.exit(0);
