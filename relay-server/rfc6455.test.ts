import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RawSocket } from './testing/raw-socket.ts';
import { AB, CREATE, Stage } from './testing/stage.ts';
import { message } from './testing/test-client.ts';

const TEXT = 0x81;
const FIN = 0x80;
let stage: Stage;
const open: RawSocket[] = [];
beforeAll(async () => {
  stage = await Stage.set(
    {
      RELAY_FRAME_BYTES: '65536',
      RELAY_HELLO_TIMEOUT_MS: '1500',
      RELAY_SILENCE_MS: '4000',
      RELAY_HEARTBEAT_MS: '500',
      RELAY_UNAUTHENTICATED_PER_ADDRESS: '20',
    },
    'ann',
    'bob',
  );
});
afterAll(() => stage.clear());
afterEach(() => {
  for (const raw of open.splice(0)) raw.destroy();
});

const keep = (raw: RawSocket): RawSocket => {
  open.push(raw);
  return raw;
};
const upgraded = async () => keep(await RawSocket.upgraded(stage.relay.port));
async function welcomed(device: string): Promise<RawSocket> {
  const raw = await upgraded();
  const token = await stage.api.token('ann', device);
  raw.frame(TEXT, JSON.stringify({ t: 'hello', protocol: 1, token, device, cursor: null }));
  await raw.until(() => raw.frames.some(({ payload }) => payload.includes('"t":"heartbeat"')));
  return raw;
}
const PING = '{"t":"ping","at":7}';
const answered = (raw: RawSocket) =>
  raw.until(() => raw.frames.some(({ payload }) => payload.includes('"at":7')));

describe('a request target that is none', () => {
  it.each(['//', 'http://[', '//%zz@:x'])(
    '%s is refused with 400, asked for or upgraded to',
    async (target) => {
      for (const upgrade of ['', 'Upgrade: websocket\r\nConnection: Upgrade\r\n']) {
        const raw = await RawSocket.dialled(stage.relay.port);
        raw.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${stage.relay.port}\r\n${upgrade}\r\n`);
        expect(await raw.start(12)).toBe('HTTP/1.1 400');
        raw.destroy();
      }
      expect((await fetch(`${stage.relay.http}/livez`)).status).toBe(200);
    },
  );
});

it.each([
  ['/health-check', {}],
  ['/ws', { upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-protocol': 'matchbook.v1' }],
])(
  'a name that this relay is not told to answer to is named as such at %s, for it to be mended',
  async (path, headers) => {
    const asking = get({
      ...{ host: '127.0.0.1', port: stage.relay.port, path },
      headers: { ...headers, host: 'chat.example' },
    });
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(403);
    expect(JSON.parse(await text(answer))).toMatchObject({ kind: 'host_unknown', status: 403 });
  },
);

describe('RFC 6455, as its reader would break it', () => {
  const broken: [string, number, (raw: RawSocket) => void][] = [
    ['5.1: an unmasked frame', 1002, (raw) => raw.frame(TEXT, PING, { masked: false })],
    ['5.2: a reserved bit', 1002, (raw) => raw.frame(TEXT | 0x40, PING)],
    ['5.2: a reserved bit of control', 1002, (raw) => raw.frame(0x89 | 0x20, '')],
    ['5.2: a reserved opcode', 1002, (raw) => raw.frame(FIN | 0x3, 'x')],
    ['5.2: a length beyond 2^53', 1009, (raw) => raw.frame(TEXT, '', { length: 2n ** 60n })],
    ['5.4: a continuation of nothing', 1002, (raw) => raw.frame(FIN, 'x')],
    [
      '5.4: a message in a message',
      1002,
      (raw) => {
        raw.frame(0x1, '{');
        raw.frame(TEXT, '}');
      },
    ],
    ['5.5: a fragmented ping', 1002, (raw) => raw.frame(0x9, 'x')],
    ['5.5: a ping of 126 bytes', 1002, (raw) => raw.frame(0x89, 'x'.repeat(126))],
    ['5.5.1: a close of one byte', 1002, (raw) => raw.frame(0x88, 'x')],
    ['7.4: a close code that is none', 1002, (raw) => raw.frame(0x88, Buffer.from([0, 5]))],
    ['8.1: text that is not UTF-8', 1007, (raw) => raw.frame(TEXT, Buffer.from([0x22, 0xff, 0x22]))],
    [
      '8.1: a surrogate in UTF-8',
      1007,
      (raw) => raw.frame(TEXT, Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])),
    ],
    ['a frame above the limit', 1009, (raw) => raw.frame(TEXT, 'x'.repeat(65_537))],
    [
      'a message above the limit, in fragments',
      1009,
      (raw) => {
        raw.frame(0x1, 'x'.repeat(40_000));
        raw.frame(0x0, 'x'.repeat(40_000));
      },
    ],
    [
      'more fragments than anybody needs',
      1008,
      (raw) => {
        raw.frame(0x1, 'x');
        for (let i = 0; i < 100; i++) raw.frame(0x0, 'x');
      },
    ],
  ];
  it.each(broken)(
    '%s closes with %i, before and after hello, and nobody else notices',
    async (_what, code, act) => {
      for (const enter of [upgraded, () => welcomed('a1')]) {
        const raw = await enter();
        act(raw);
        expect(await raw.closed()).toBe(code);
      }
      const other = await welcomed('a2');
      other.frame(TEXT, PING);
      await answered(other);
    },
  );

  it('5.4: fragments with pings between them are one message', async () => {
    const raw = await welcomed('a1');
    raw.frame(0x1, PING.slice(0, 5));
    raw.frame(0x89, 'between');
    raw.frame(0x0, PING.slice(5, 9));
    raw.frame(FIN, PING.slice(9));
    await answered(raw);
    expect(raw.frames.some(({ opcode, payload }) => opcode === 0xa && payload.toString() === 'between')).toBe(
      true,
    );
  });

  it('a frame that comes byte by byte is a frame', async () => {
    const raw = await welcomed('a1');
    const seen: Buffer[] = [];
    const write = raw.write.bind(raw);
    raw.write = (bytes) => void seen.push(Buffer.from(bytes as string));
    raw.frame(TEXT, PING);
    for (const byte of seen[0]!) {
      write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    raw.write = write;
    await answered(raw);
  });

  it('a close is answered with a close', async () => {
    const raw = await welcomed('a1');
    raw.frame(0x88, Buffer.from([0x03, 0xe8]));
    expect(await raw.closed()).toBe(1000);
    await raw.until(() => raw.ended);
  });
});

describe('peers that are in no hurry', () => {
  it('a request that never ends its headers is closed', async () => {
    const raw = keep(await RawSocket.dialled(stage.relay.port));
    raw.write('GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    const drip = setInterval(() => raw.write('X-Slow: 1\r\n'), 500);
    await raw.until(() => raw.ended, 25_000).finally(() => clearInterval(drip));
  });

  it('P2 a socket that says no hello is closed in time, and they do not use up the places of others', async () => {
    const silent = await Promise.all(Array.from({ length: 20 }, upgraded));
    const refused = keep(await RawSocket.dialled(stage.relay.port));
    refused.write(
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: matchbook.v1\r\n\r\n`,
    );
    await refused.until(() => refused.ended);
    for (const raw of silent) expect(await raw.closed()).toBe(4408);
    await welcomed('a1');
  });

  it('P9 a half-open one, from which nothing comes any more, is closed', async () => {
    const raw = await welcomed('a1');
    // It answers neither pings nor anything else: nobody is there.
    expect(await raw.closed(15_000)).toBe(4411);
  });

  it('I13 one that asks and does not read is not read from; the others go on', async () => {
    const raw = await welcomed('a1');
    const [ann, bob] = [await stage.device('ann', 'a2'), await stage.device('bob', 'b1')];
    await ann.append(AB, [CREATE]);
    const before = process.memoryUsage().rss;
    raw.pause();
    const ids = Array.from({ length: 200 }, (_, k) => `${'i'.repeat(50)}${k}`);
    const asking = JSON.stringify({ t: 'status', ids });
    for (let i = 0; i < 1_500; i++) {
      raw.frame(TEXT, asking);
      // The two devices are of this process: while it does nothing else they answer no ping, and are taken for gone.
      if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    for (let i = 0; i < 20; i++) await ann.append(AB, [message(`m${i}`, `${i}`)]);
    await bob.until('all', () => bob.texts.length >= 20);
    expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
    const metrics = await (await fetch(`${stage.relay.http}/metrics`)).text();
    const resident = Number(/process_resident_memory_bytes (\d+)/.exec(metrics)![1]);
    expect(resident).toBeLessThan(500_000_000);
  });
});
