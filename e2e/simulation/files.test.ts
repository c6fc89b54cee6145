/** Files of main with a real store and a real API server between: nothing of a message is lost, whatever happens to its files. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as ask, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import type { Saving, Transfer } from '@matchbook/protocol/bridge/files';
import { afterEach, describe, expect, it } from 'vitest';
import { LogWriter } from '../../api-server/testing/log-writer.ts';
import { SERVICE, startTestApi, type TestApi } from '../../api-server/testing/running-api.ts';
import { ServerRequests } from '../../main/accounts/server-requests.ts';
import { LocalError } from '../../main/bridge/local-failure.ts';
import { scheduledCalls } from '../../main/calls/scheduled.ts';
import { fileCalls } from '../../main/files/file-calls.ts';
import { type FileParts, fileParts } from '../../main/files/file-parts.ts';
import { fileResponse } from '../../main/files/file-protocol.ts';
import { MessageFiles } from '../../main/files/message-files.ts';
import { CONV } from '../../main/local-store/testing/log.ts';
import { ACCOUNT, TestStore } from '../../main/local-store/testing/store.ts';
import { ApiClient } from '../../main/network/api-client.ts';
import { until } from '../fixtures/conditions.ts';

const account = ACCOUNT;
const conv = CONV;
const address = { account, conv };
const MEGABYTE = 1024 * 1024;

/** One desktop: its files over a network that a test can cut. */
class Desk {
  readonly at: TestStore;
  readonly #base: () => string;
  #token: string;
  /** How far its clock is ahead, ms. */
  skew = 0;
  files!: FileParts;
  messages!: MessageFiles;
  calls!: ReturnType<typeof fileCalls>;
  scheduled!: ReturnType<typeof scheduledCalls>;
  transfers: Transfer[] = [];
  /** Requests as `method offset bytes`. */
  readonly asked: { method: string; path: string; offset: number; bytes: number; range?: string }[] = [];
  /** So many bytes of a file come through before its connection breaks. */
  cutAfter = Number.POSITIVE_INFINITY;
  /** How fast the pauses of its timers pass. */
  hurry = 1;
  /** What a proxy on the way makes of the bytes of files. */
  tampered: ((bytes: Buffer) => Buffer) | null = null;
  /** Answers whether a request goes through. */
  network: (method: string, path: string) => boolean = () => true;
  place = '';
  dropped: string[] = [];
  savings: Saving[] = [];
  /** What went to the clipboard, and what the pointer has. */
  copied: string[] = [];
  dragged: [path: string, isImage: boolean][] = [];

  /** @param base by which way it reaches the server */
  constructor(api: TestApi, token: string, base: () => string = () => api.base) {
    this.#base = base;
    this.#token = token;
    this.at = new TestStore();
  }

  async open(): Promise<void> {
    await this.at.open();
    await this.#compose();
  }

  /** The process ends without a word and is started again. */
  async crash(): Promise<void> {
    await this.files.close();
    await this.at.crash();
    await this.#compose();
  }

  async #signIn() {
    if (!this.network('POST', '/api/sessions/refresh')) throw new LocalError('server_unreachable', 'away');
    return this.#token;
  }

  /** Signed in anew. */
  signedIn(token: string): void {
    this.#token = token;
  }

  async #compose(): Promise<void> {
    let ids = 0;
    const run = randomBytes(4).toString('hex');
    const open = { account, api: this.#base() };
    const api = new ApiClient((url, options) => this.#fetch(url, options));
    const requests = new ServerRequests({
      api,
      tokens: { with: async (_, ask) => ask(await this.#signIn()) },
      list: { get: () => open, tokenAccount: () => open } as never,
    });
    this.files = fileParts({
      directory: this.at.directory,
      accounts: { get: () => open, ready: () => [open], tokenAccount: () => open } as never,
      ...{ api, requests },
      store: this.at.store,
      limit: () => 10 * MEGABYTE,
      transfersChanged: (_, transfers) => {
        this.transfers = transfers;
      },
      savingChanged: (saving) => void this.savings.push(saving),
      trayChanged: () => {},
      traySetAside: () => {},
      reveal: () => {},
      newId: () => `id-${run}-${++ids}`,
      now: () => Date.now() + this.skew,
      clock: () => performance.now(),
      random: () => 0,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 20)),
      setTimer: (work, delay) => {
        const timer = setTimeout(work, delay / this.hurry);
        return { cancel: () => clearTimeout(timer) };
      },
      log: (line) => {
        throw new Error(line);
      },
    });
    this.messages = new MessageFiles({
      ...{ files: this.files, store: this.at.store, trayChanged: () => {} },
      log: (line) => {
        throw new Error(line);
      },
    });
    this.calls = fileCalls({
      ...{
        files: this.files,
        store: this.at.store,
        microphone: { allow: () => {} },
        trayChanged: () => {},
        chosen: () => {},
      },
      desktop: {
        choose: async () => this.dropped,
        askPlace: async () => this.place,
        copyImage: async (path) => void this.copied.push(path),
        drag: (_, path, isImage) => void this.dragged.push([path, isImage]),
      },
    });
    this.scheduled = scheduledCalls({
      server: requests,
      ...{ files: this.files, trayChanged: () => {}, changed: () => {} },
    });
    this.at.store.onOutboxChanged(() => void this.files.uploads.look(account));
    await this.files.opened(account);
  }

  async #fetch(url: string, options: RequestInit): Promise<Response> {
    const { pathname: path } = new URL(url);
    options.signal?.throwIfAborted();
    const method = options.method ?? 'GET';
    if (!this.network(method, path)) throw new TypeError('net::ERR_CONNECTION_RESET');
    const headers = options.headers as Record<string, string>;
    const bytes = options.body instanceof Uint8Array ? options.body.length : 0;
    const { range } = headers;
    const offset = Number(headers['upload-offset'] ?? 0);
    this.asked.push({ method, path, offset, bytes, ...(range === undefined ? {} : { range }) });
    let answer = await fetch(url, options);
    if (Number.isFinite(this.cutAfter) && method === 'GET' && /files\/[0-9a-f]{64}$/.test(path))
      answer = cut(answer, this.cutAfter);
    if (!this.tampered || method !== 'GET' || !/files\/[0-9a-f]{64}$/.test(path)) return answer;
    const made = this.tampered(Buffer.from(await answer.arrayBuffer()));
    return new Response(new Uint8Array(made), { headers: { 'content-length': String(made.length) } });
  }

  /** Chooses files and sends them with a text, as a person does. */
  async say(id: string, text: string, ...paths: string[]) {
    const { tray, refused } = await this.calls['files.drop']({ ...address, paths }, 1);
    expect(refused).toEqual([]);
    return this.messages.submit({
      ...{ ...address, id, text, draftVersion: 0 },
      attached: tray.map((file) => file.id),
    });
  }

  file(name: string, bytes: Uint8Array): string {
    const folder = join(this.at.directory, 'outside');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  }

  async sendable(): Promise<string[]> {
    return (await this.at.store.outbox(account)).map(({ id }) => id);
  }

  async close(): Promise<void> {
    await this.files.close();
    await this.at.dispose();
  }
}

/** The same answer, whose connection breaks after so many bytes. */
function cut({ body, status, headers }: Response, after: number): Response {
  let left = after;
  const through = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      controller.enqueue(piece.subarray(0, left));
      left -= piece.length;
      if (left <= 0) controller.error(new TypeError('net::ERR_CONNECTION_RESET'));
    },
  });
  return new Response(body!.pipeThrough(through), { status, headers });
}

/** On real sockets between device and server: what has more bytes than it takes is broken off, whichever way it goes. */
class Box {
  readonly #server: Server;
  /** Bytes of each request that was broken off. */
  readonly broken: number[] = [];

  constructor(base: string, most: number) {
    this.#server = createServer((from, to) => {
      const body: Buffer[] = [];
      let size = 0;
      from.on('data', (piece: Buffer) => {
        body.push(piece);
        size += piece.length;
      });
      from.on('end', () => {
        if (size > most) {
          this.broken.push(size);
          from.socket.destroy();
          return;
        }
        const { method, headers, url } = from;
        const onward = ask(base + url, { method, headers }, (answer) => {
          to.writeHead(answer.statusCode!, answer.headers);
          let left = most;
          answer.on('data', (piece: Buffer) => {
            if (left <= 0) return void to.destroy();
            const through = piece.subarray(0, left);
            left -= piece.length;
            to.write(through, () => left < 0 && to.destroy());
          });
          answer.on('end', () => left >= 0 && to.end());
        });
        onward.on('error', () => to.destroy());
        onward.end(Buffer.concat(body));
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let api: TestApi;
let desk: Desk;
let token: string;

async function start(env: Record<string, string> = {}) {
  api = await startTestApi({ API_REGISTRATION: 'open', ...env });
  token = (await api.register('Ann')).access;
  desk = new Desk(api, token);
  await desk.open();
}
afterEach(async () => {
  await desk.close();
  await api.close();
});

describe('I11: a message with files', () => {
  it('waits for them, lets later ones pass, and goes once the server has them', async () => {
    await start();
    const bytes = randomBytes(3 * MEGABYTE);
    desk.network = (method) => method !== 'PATCH';
    const row = await desk.say('a', 'with a file', desk.file('photo of us.bin', bytes));
    expect(row.waits?.uploading).toBe(true);
    await desk.at.store.submit({ ...address, id: 'b', text: 'later', draftVersion: 0 });
    expect(await desk.sendable()).toEqual(['b']);
    await until('the upload to wait', () => desk.files.uploads.transfers(account)[0]?.failure);
    desk.network = () => true;
    desk.files.uploads.wake();
    await until('the message to be let go', async () => (await desk.sendable()).length === 2);
    expect(await desk.sendable()).toEqual(['b', 'a']);
    const hash = createHash('sha256').update(bytes).digest('hex');
    const { body } = (await desk.at.store.outbox(account)).find(({ id }) => id === 'a')!.append as {
      body: { text: string };
    };
    expect(JSON.parse(body.text)).toEqual({
      text: 'with a file',
      files: [{ hash, name: 'photo of us.bin', type: 'application/octet-stream', size: bytes.length }],
    });
    const stored = await fetch(`${api.base}/api/files/${hash}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(Buffer.from(await stored.arrayBuffer()).equals(bytes)).toBe(true);
    expect(await desk.files.tray(account).list(conv)).toEqual([]);
  });

  it('goes on where it was when the process died in the middle of it', async () => {
    await start();
    const bytes = randomBytes(4 * MEGABYTE);
    let sent = 0;
    desk.network = (method) => method !== 'PATCH' || ++sent < 2;
    await desk.say('a', 'half', desk.file('film.bin', bytes));
    await until('the upload to be cut', () => desk.files.uploads.transfers(account)[0]?.failure);
    const before = desk.files.uploads.transfers(account)[0]!.sent;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(bytes.length);
    rmSync(join(desk.at.directory, 'outside'), { recursive: true });
    await desk.crash();
    desk.asked.length = 0;
    desk.network = () => true;
    await until('the message to be let go', async () => (await desk.sendable()).includes('a'));
    const patches = desk.asked.filter(({ method }) => method === 'PATCH');
    expect(patches[0]?.offset).toBe(before);
    expect(patches.reduce((sum, one) => sum + one.bytes, 0)).toBe(bytes.length - before);
    expect(desk.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('begins anew where the server has forgotten what was begun', async () => {
    await start();
    let sent = 0;
    desk.network = (method) => method !== 'PATCH' || ++sent < 2;
    await desk.say('a', 'old', desk.file('old.bin', randomBytes(2 * MEGABYTE)));
    await until('the upload to be cut', () => desk.files.uploads.transfers(account)[0]?.failure);
    const { path } = desk.asked.find(({ method }) => method === 'PATCH')!;
    await api.send('DELETE', path, undefined, token).catch(() => {});
    desk.network = () => true;
    desk.files.uploads.wake();
    await until('the message to be let go', async () => (await desk.sendable()).includes('a'));
  });

  it('waits for its files again where it was not sent for so long that the server has forgotten them', async () => {
    await start();
    const ann = await api.register('Ann');
    desk.signedIn(ann.access);
    const bytes = randomBytes(MEGABYTE);
    await desk.say('a', 'a day late', desk.file('late.bin', bytes));
    await until('the upload', async () => (await desk.sendable()).includes('a'));
    await desk.files.uploads.renew(account, ['a']);
    expect(await desk.sendable()).toEqual(['a']);
    const day = 25 * 60 * 60_000;
    const device = { id: ann.device, name: 'test' };
    const signIn = async () =>
      String((await api.post('/api/sessions', { user: ann.user, secret: ann.secret, device })).body.access);
    const hash = createHash('sha256').update(bytes).digest('hex');
    const atServer = async () => (await api.get(`/api/files/${hash}/thumbnail`, await signIn())).body.detail;
    const there = await atServer();
    api.clock.now += day;
    await api.restart();
    const gone = await until('the server to forget it', async () => {
      const now = await atServer();
      return now !== there && now;
    });
    desk.skew = day;
    desk.signedIn(await signIn());
    await desk.crash();
    await desk.files.uploads.renew(account, ['a', 'nobody']);
    expect(await desk.at.store.release({ account, ids: ['a'] })).toMatchObject({ ids: [] });
    await until('the upload', async () => (await desk.sendable()).includes('a'));
    expect(await desk.at.store.release({ account, ids: ['a'] })).toMatchObject({ ids: ['a'] });
    expect(gone).toBeTruthy();
    expect(await atServer()).toBe(there);
  });

  it('fails visibly where there is no room for it, and comes back to text and tray', async () => {
    await start({ API_QUOTA_BYTES: String(MEGABYTE) });
    // The server could not say it when the file was chosen.
    desk.network = (_, path) => path !== '/api/files/room';
    await desk.say('a', 'too much', desk.file('big.bin', randomBytes(2 * MEGABYTE)));
    const failed = await until('the failure', async () => {
      const { waiting } = await desk.at.store.timelinePage({ ...address, limit: 10 });
      return waiting.find(({ delivery }) => delivery === 'failed');
    });
    expect(failed.failure).toMatchObject({ kind: 'quota_full', limit: MEGABYTE });
    const again = await desk.at.store.retry({ account, id: 'a', newId: 'a2' });
    expect(await desk.sendable()).toEqual([]);
    await until('the second failure', async () =>
      (await desk.at.store.waitingItems(account)).items.some(({ failed: is }) => is),
    );
    const draft = await desk.messages.toDraft({ account, id: again.id });
    expect(draft.text).toBe('too much');
    expect(await desk.files.tray(account).list(conv)).toMatchObject([{ name: 'big.bin' }]);
  });

  it('fails visibly where the server takes no files of its kind', async () => {
    await start({ API_FILE_TYPES_REFUSED: 'application/pdf' });
    await desk.say('a', 'a paper', desk.file('paper.pdf', Buffer.from('%PDF-1.7 and so on')));
    const failed = await until('the failure', async () => {
      const { waiting } = await desk.at.store.timelinePage({ ...address, limit: 10 });
      return waiting.find(({ delivery }) => delivery === 'failed');
    });
    expect(failed.failure?.kind).toBe('file_type_refused');
  });

  it('is held and goes on by the person’s word, also through a restart', async () => {
    await start();
    desk.network = (method) => method !== 'PATCH';
    await desk.say('a', 'paused', desk.file('a.bin', randomBytes(MEGABYTE)));
    await desk.at.store.hold({ account, id: 'a', on: true });
    await until('the pause', () => desk.files.uploads.transfers(account)[0]?.state === 'paused');
    desk.network = () => true;
    desk.asked.length = 0;
    await desk.crash();
    await until('the pause', () => desk.files.uploads.transfers(account)[0]?.state === 'paused');
    expect(desk.asked).toEqual([]);
    await desk.at.store.hold({ account, id: 'a', on: false });
    await until('the message to be let go', async () => (await desk.sendable()).includes('a'));
  });

  it('is passed on before its files are at the server, and waits for the same upload', async () => {
    await start();
    desk.network = (method) => method !== 'PATCH';
    await desk.say('a', 'mine', desk.file('a.bin', randomBytes(MEGABYTE)));
    await until('the upload to wait', () => desk.files.uploads.transfers(account)[0]?.failure);
    const [item] = await desk.at.store.fileItems(account);
    const more = { files: item!.files, forwarded: { by: 'Ann' } };
    await desk.messages.submit({ ...address, id: 'f', text: 'mine', draftVersion: 0, more });
    expect(await desk.sendable()).toEqual([]);
    desk.asked.length = 0;
    desk.network = () => true;
    desk.files.uploads.wake();
    await until('both to be let go', async () => (await desk.sendable()).length === 2);
    expect(desk.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('is discarded with its upload', async () => {
    await start();
    desk.network = (method) => method !== 'PATCH';
    await desk.say('a', 'no', desk.file('a.bin', randomBytes(MEGABYTE)));
    await until('the upload to wait', () => desk.files.uploads.transfers(account)[0]?.failure);
    await desk.at.store.discard({ account, id: 'a', newId: 'x' });
    await until('nothing to be wanted', () => desk.files.uploads.transfers(account).length === 0);
  });

  it('that is discarded half way leaves nothing behind, here or at the server, though nothing else happens', async () => {
    await start();
    let sent = 0;
    desk.network = (method) => method !== 'PATCH' || ++sent < 2;
    const bytes = randomBytes(2 * MEGABYTE);
    const row = await desk.say('a', 'no', desk.file('a.bin', bytes));
    await until('the upload to be cut', () => desk.files.uploads.transfers(account)[0]?.failure);
    const upload = desk.asked.find(({ method }) => method === 'PATCH')!.path;
    expect(row.waits?.uploading).toBe(true);
    // What came onto the shelf just now may be on its way into a tray: a minute later it is not.
    desk.hurry = 1_000;
    const hash = createHash('sha256').update(bytes).digest('hex');
    await desk.at.store.discard({ account, id: 'a', newId: 'x' });
    await until('the end of the wish', () => desk.files.uploads.transfers(account).length === 0);
    desk.skew = 61_000;
    await until('the end of the upload', () =>
      desk.asked.some(({ method, path }) => method === 'DELETE' && path === upload),
    );
    await until('the file to be gone', async () => (await desk.files.shelf.find(account, hash)) === null);
    const left = await fetch(`${api.base}${upload}`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' },
    });
    expect([404, 410]).toContain(left.status);
  });
});

describe('I11: what is being recorded', () => {
  const webm = Buffer.from([0x1a, 0x45, 0xdf, 0xa3, ...randomBytes(500)]);
  const record = (id: string, bytes: Buffer, levels: number[]) =>
    desk.calls['files.record']({ ...address, id, bytes: bytes as never, levels }, 7);
  const lying = async () =>
    (await desk.files.tray(account).list(conv)).map(({ name, size, duration, waveform }) => ({
      ...{ name, size, duration, waveform },
    }));

  it('lies in the tray, with its length and loudness, when its process or its page ends before it is sent', async () => {
    await start();
    await record('one', webm, [1, 2, 3]);
    await record('one', Buffer.from('more'), [200]);
    await record('none', Buffer.alloc(0), []);
    await desk.crash();
    const one = {
      name: 'voice-message.webm',
      size: webm.length + 4,
      duration: 400,
      waveform: [1, 2, 3, 200],
    };
    expect(await lying()).toEqual([one]);
    await desk.crash();
    expect(await lying()).toEqual([one]);
    await record('two', Buffer.concat([webm, Buffer.from('2')]), [9]);
    desk.files.recordings.gone(8);
    desk.files.recordings.gone(7);
    await until('the other one', async () => (await lying()).length === 2);
  });

  it('is nowhere else once it was sent, or thrown away', async () => {
    await start();
    await record('sent', webm, [1]);
    const facts = { duration: 100, waveform: [1] };
    const handed = { ...address, name: 'voice-message.webm', bytes: webm as never, facts, recording: 'sent' };
    await desk.calls['files.hand'](handed, 7);
    await record('not', webm, [1]);
    await desk.calls['files.discardRecording']({ account, id: 'not' }, 7);
    await desk.crash();
    expect(await lying()).toMatchObject([{ duration: 100 }]);
  });
});

describe('a message for later', () => {
  it('brings its files first and lets go of the tray once the server has it; where the server is away, all of it stays', async () => {
    await start();
    const ann = await api.register('Ann');
    desk.signedIn(ann.access);
    const log = new LogWriter('ab'.repeat(8));
    log.create(conv, 'direct', [ann.user, 'eve']);
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
    const path = desk.file('plan.bin', randomBytes(2 * MEGABYTE));
    const { tray } = await desk.calls['files.drop']({ ...address, paths: [path] }, 1);
    const attached = tray.map(({ id }) => id);
    const put = () =>
      desk.scheduled['scheduled.put'](
        { ...address, id: 'later', text: 'see', due: Date.now() + 48 * 3_600_000, attached },
        1,
      );
    let pieces = 0;
    desk.network = (method) => method !== 'PATCH' || ++pieces < 2;
    await expect(put()).rejects.toMatchObject({ failure: { kind: 'server_unreachable' } });
    expect(await desk.files.tray(account).list(conv)).toHaveLength(1);
    // Given up by the person while it is brought.
    let told: Transfer[] = [];
    desk.network = (method) => {
      if (method !== 'PATCH') return true;
      told = desk.files.uploads.transfers(account);
      void desk.scheduled['scheduled.cancel']({ account, id: 'later' }, 1);
      return true;
    };
    await expect(put()).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
    expect(told).toMatchObject([{ id: 'later', size: 2 * MEGABYTE, state: 'sending' }]);
    expect(told[0]!.sent).toBeGreaterThan(0);
    desk.network = () => true;
    expect(desk.files.uploads.transfers(account)).toEqual([]);
    expect(await desk.scheduled['scheduled.list']({ account }, 1)).toEqual([]);
    await put();
    expect(await desk.files.tray(account).list(conv)).toEqual([]);
    const [waiting] = await desk.scheduled['scheduled.list']({ account }, 1);
    const said = JSON.parse((waiting!.body as { text: string }).text);
    expect(said).toMatchObject({ text: 'see', files: [{ name: 'plan.bin', size: 2 * MEGABYTE }] });
    // More than a day later the file is still there: what waits at the server needs it.
    api.clock.now += 26 * 60 * 60_000;
    await api.restart();
    const file = await api.inStore((store) =>
      store.db.selectFrom('file').select('hash').where('hash', '=', said.files[0].hash).execute(),
    );
    expect(file).toHaveLength(1);
  });
});

describe('files that are chosen', () => {
  it('are refused by name and reason where they cannot be sent, before anything is', async () => {
    await start({ API_FILE_BYTES: String(MEGABYTE) });
    const paths = [
      desk.file('large.bin', randomBytes(MEGABYTE + 1)),
      desk.file('empty.txt', new Uint8Array()),
      desk.at.directory,
      join(desk.at.directory, 'nowhere.txt'),
      desk.file('good.txt', Buffer.from('good')),
    ];
    const { tray, refused } = await desk.calls['files.drop']({ ...address, paths }, 1);
    expect(tray.map(({ name, type }) => [name, type])).toEqual([['good.txt', 'text/plain']]);
    expect(refused.map(({ failure }) => [failure.kind, failure.limit])).toEqual([
      ['file_too_large', MEGABYTE],
      ['file_empty', undefined],
      ['file_is_folder', undefined],
      ['file_missing', undefined],
    ]);
    expect(desk.asked.every(({ path }) => ['/api/server', '/api/files/room'].includes(path))).toBe(true);
  });

  it('are refused where there is no room for them at the server, with what waits counted', async () => {
    await start({ API_QUOTA_BYTES: String(3 * MEGABYTE) });
    await desk.say('a', 'there', desk.file('a.bin', randomBytes(MEGABYTE)));
    await until('the upload', async () => (await desk.sendable()).includes('a'));
    const paths = ['b', 'c', 'd'].map((name) => desk.file(name, randomBytes(MEGABYTE - 100)));
    const { tray, refused } = await desk.calls['files.drop']({ ...address, paths }, 1);
    expect(tray.map(({ name }) => name)).toEqual(['b', 'c']);
    expect(refused).toMatchObject([{ name: 'd', failure: { kind: 'quota_full', limit: 3 * MEGABYTE } }]);
    const more = await desk.calls['files.drop']({ ...address, paths: [desk.file('e', randomBytes(300))] }, 1);
    expect(more.refused.map(({ failure }) => failure.kind)).toEqual(['quota_full']);
  });

  it('are taken where there is no connection, and not even a token for one', async () => {
    await start();
    desk.network = () => false;
    const { tray, refused } = await desk.calls['files.drop'](
      { ...address, paths: [desk.file('a.txt', Buffer.from('a'))] },
      1,
    );
    expect([tray.map(({ name }) => name), refused]).toEqual([['a.txt'], []]);
  });

  it('are in the tray after a crash, with what was found out about them, and no more than fit', async () => {
    await start();
    const { tray } = await desk.calls['files.drop'](
      { ...address, paths: [desk.file('a.txt', Buffer.from('a'))] },
      1,
    );
    await desk.calls['files.describe']({ ...address, id: tray[0]!.id, facts: { width: 3, height: 4 } }, 1);
    await desk.crash();
    expect(await desk.files.tray(account).list(conv)).toMatchObject([{ name: 'a.txt', width: 3, height: 4 }]);
    const many = Array.from({ length: 33 }, (_, i) => desk.file(`${i}.txt`, Buffer.from(String(i))));
    const { tray: full, refused } = await desk.calls['files.drop']({ ...address, paths: many }, 1);
    expect(full).toHaveLength(32);
    expect(refused.map(({ failure }) => failure.kind)).toEqual(['too_many_files', 'too_many_files']);
  });
});

describe('files that are shown', () => {
  const get = (hash: string, range: string | null = null) =>
    fileResponse(
      { downloads: desk.files.downloads, isOpen: (one) => one === account },
      { method: 'GET', pathname: `/file/${account}/${hash}`, range },
    );

  async function uploaded(bytes: Uint8Array): Promise<string> {
    await desk.say('up', '', desk.file('up.bin', bytes));
    await until('the upload', async () => (await desk.sendable()).includes('up'));
    return createHash('sha256').update(bytes).digest('hex');
  }

  /** It begins as a PNG does, which is all that is looked at. */
  async function uploadedPicture() {
    const head = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const bytes = Buffer.concat([head, randomBytes(MEGABYTE)]);
    return { bytes, hash: await uploaded(bytes) };
  }

  /** Another device of the same person, which has none of it yet. */
  async function elsewhere(): Promise<Desk> {
    const other = new Desk(api, token);
    await other.open();
    return other;
  }

  it('are here at once for who sent them, and from the server on another device, kept and served by ranges', async () => {
    await start();
    const { bytes, hash } = await uploadedPicture();
    const other = await elsewhere();
    const sender = desk;
    desk = other;
    try {
      const [first, second] = await Promise.all([get(hash), get(hash)]);
      // It is kept, elsewhere than it came, before anything of it is read.
      await until('the copy', () => other.files.shelf.find(account, hash));
      expect(first.headers.get('content-type')).toBe('image/png');
      expect(first.headers.get('x-content-type-options')).toBe('nosniff');
      expect(Buffer.from(await first.arrayBuffer()).equals(bytes)).toBe(true);
      expect(Buffer.from(await second.arrayBuffer()).equals(bytes)).toBe(true);
      expect(other.asked.filter(({ path }) => path.endsWith(hash))).toHaveLength(1);
      await until('the copy', () => other.files.shelf.find(account, hash));
      other.network = () => false;
      const part = await get(hash, 'bytes=8-11');
      expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 8-11/${bytes.length}`]);
      expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(8, 12))).toBe(true);
      const end = await get(hash, 'bytes=-4');
      expect(Buffer.from(await end.arrayBuffer()).equals(bytes.subarray(-4))).toBe(true);
      expect((await get(hash, `bytes=${bytes.length}-`)).status).toBe(416);
      const far = await get('0'.repeat(64));
      expect(far.status).toBe(503);
      expect(await other.calls['files.look']({ account, hash: '0'.repeat(64) }, 1)).toMatchObject({
        here: false,
        failure: { kind: 'server_unreachable' },
      });
    } finally {
      desk = sender;
      await other.close();
    }
  });

  it('go on where their connection broke, also after the process died, and no byte comes twice but one', async () => {
    await start();
    const bytes = randomBytes(3 * MEGABYTE);
    const hash = await uploaded(bytes);
    const other = await elsewhere();
    const ranges = () => other.asked.filter(({ path }) => path.endsWith(hash)).map(({ range }) => range);
    try {
      other.cutAfter = MEGABYTE;
      other.network = () => ranges().length === 0;
      await expect(other.files.downloads.whole(account, hash)).rejects.toBeDefined();
      other.network = () => true;
      other.cutAfter = 1_000;
      await other.crash();
      await expect(other.files.downloads.whole(account, hash)).rejects.toBeDefined();
      // The page in which a network wants one to sign in is no file, and costs nothing of it.
      const { network } = other;
      other.network = () => false;
      await expect(other.files.downloads.whole(account, hash)).rejects.toBeDefined();
      other.network = network;
      other.cutAfter = Number.POSITIVE_INFINITY;
      const { path } = await other.files.downloads.whole(account, hash);
      expect(readFileSync(path).equals(bytes)).toBe(true);
      const had = MEGABYTE - 1;
      expect(ranges()).toEqual([undefined, `bytes=${had}-`, `bytes=${had + 1_000 - 1}-`]);
      // Whole, and ended before it was kept.
      await other.files.shelf.forget();
      writeFileSync((await other.files.shelf.coming(account, hash)).path, bytes);
      await other.crash();
      expect((await other.files.downloads.whole(account, hash)).size).toBe(bytes.length);
      expect(ranges().at(-1)).toBe(`bytes=${bytes.length - 1}-`);
    } finally {
      await other.close();
    }
  });

  it('go both ways through what breaks off all that is larger than 64 kB', async () => {
    await start();
    const box = new Box(api.base, 65_536);
    const way = await box.listen();
    const [device, other] = [new Desk(api, token, () => way), await elsewhere()];
    await device.open();
    const bytes = randomBytes(400_000);
    const hash = createHash('sha256').update(bytes).digest('hex');
    try {
      await device.say('a', 'through a narrow door', device.file('wide.bin', bytes));
      await until('the upload', async () => (await device.sendable()).includes('a'));
      const { path } = await other.files.downloads.whole(account, hash);
      expect(readFileSync(path).equals(bytes)).toBe(true);
      // Few were in vain: what is known of the way is kept between the tries.
      expect(box.broken.length).toBeGreaterThan(0);
      expect(box.broken.length).toBeLessThan(12);
      const reader = new Desk(api, token, () => way);
      await reader.open();
      try {
        const came = await reader.files.downloads.whole(account, hash);
        expect(readFileSync(came.path).equals(bytes)).toBe(true);
        expect(reader.asked.filter((one) => one.path.endsWith(hash)).length).toBeLessThan(10);
      } finally {
        await reader.close();
      }
    } finally {
      box.close();
      await device.close();
      await other.close();
    }
  });

  it('of which other bytes are here than the server has come anew, and what nobody asked for in a day is gone', async () => {
    await start();
    const bytes = randomBytes(MEGABYTE);
    const hash = await uploaded(bytes);
    const other = await elsewhere();
    try {
      const { path } = await other.files.shelf.coming(account, hash);
      writeFileSync(path, randomBytes(5_000));
      await expect(other.files.downloads.whole(account, hash)).rejects.toMatchObject({
        failure: { kind: 'server_failed' },
      });
      expect(existsSync(path)).toBe(false);
      await other.files.downloads.whole(account, hash);
      writeFileSync(path, bytes.subarray(0, 10));
      await other.crash();
      const again = (await other.files.shelf.coming(account, hash)).path;
      expect(existsSync(again)).toBe(true);
      other.skew = 25 * 60 * 60_000;
      await other.crash();
      expect(existsSync((await other.files.shelf.coming(account, hash)).path)).toBe(false);
    } finally {
      await other.close();
    }
  });

  it('that the server does not have are asked for again only where it may not know of them yet, and not after a cancel', async () => {
    await start();
    const missing = 'f'.repeat(64);
    const refused = { failure: { kind: 'not_found' } };
    await expect(desk.files.downloads.whole(account, missing, { old: true })).rejects.toMatchObject(refused);
    expect(desk.asked.filter(({ path }) => path.endsWith(missing))).toHaveLength(1);
    const stop = new AbortController();
    // While the server is asked for the first time; for who else wants it the questions go on.
    desk.network = (_, path) => {
      if (path.endsWith(missing)) stop.abort();
      return true;
    };
    await expect(desk.files.downloads.whole(account, missing, { signal: stop.signal })).rejects.toMatchObject(
      { failure: { kind: 'cancelled' } },
    );
    await expect(desk.files.downloads.whole(account, missing)).rejects.toMatchObject(refused);
    expect(desk.asked.filter(({ path }) => path.endsWith(missing)).length).toBeGreaterThan(2);
  });

  it('are kept only where they are what was asked for', async () => {
    await start();
    const hash = await uploaded(randomBytes(10_000));
    const other = await elsewhere();
    other.tampered = (bytes) => Buffer.concat([bytes.subarray(1), Buffer.from('x')]);
    await expect(other.files.downloads.whole(account, hash)).rejects.toMatchObject({
      failure: { kind: 'server_failed' },
    });
    expect(await other.files.shelf.find(account, hash)).toBeNull();
    other.tampered = null;
    expect((await other.files.downloads.whole(account, hash)).size).toBe(10_000);
    await other.close();
  });

  it('go by last use where they take more room than they may, and never what no server has', async () => {
    await start();
    const old = await uploaded(randomBytes(6 * MEGABYTE));
    await until('the message to be gone', async () => (await desk.sendable()).length === 1);
    await desk.at.store.release({ account, ids: ['up'] });
    const other = await elsewhere();
    const mine = await other.files.shelf.take(account, once(randomBytes(9 * MEGABYTE)), 10 * MEGABYTE);
    await other.files.downloads.whole(account, old);
    await desk.say('new', '', desk.file('new.bin', randomBytes(5 * MEGABYTE)));
    await until('the upload', async () => (await desk.files.uploads.transfers(account)).length === 0);
    const [, { files }] = (await desk.at.store.fileItems(account)) as [
      unknown,
      { files: { hash: string }[] },
    ];
    await other.files.downloads.whole(account, files[0]!.hash);
    await other.files.shelf.evict();
    expect(await other.files.shelf.find(account, old)).toBeNull();
    expect(await other.files.shelf.find(account, files[0]!.hash)).not.toBeNull();
    expect(await other.files.shelf.find(account, mine.hash)).not.toBeNull();
    await other.close();
  });

  it('are no pages: what could run is only ever saved, and other accounts and paths have none', async () => {
    await start();
    const page = Buffer.from('<!doctype html><script>alert(1)</script>');
    const hash = await uploaded(page);
    const response = await get(hash);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('content-disposition')).toBe('attachment');
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    const ask = (pathname: string) =>
      fileResponse(
        { downloads: desk.files.downloads, isOpen: (one) => one === account },
        { method: 'GET', pathname, range: null },
      );
    for (const path of [`/file/other/${hash}`, `/file/${account}/../${hash}`, `/file/${account}/x`])
      expect((await ask(path)).status).toBe(404);
  });

  it('are saved where the person wants them, whole or not at all', async () => {
    await start();
    const bytes = randomBytes(MEGABYTE);
    const hash = await uploaded(bytes);
    desk.place = join(desk.at.directory, 'saved.bin');
    const saving = await desk.calls['files.save']({ account, hash, name: 'up.bin', size: bytes.length }, 1);
    expect(saving).toMatchObject({ state: 'saving', size: bytes.length });
    await until('the file', () => {
      try {
        return statSync(desk.place).size === bytes.length;
      } catch {
        return false;
      }
    });
    await until('it to be said', () => desk.savings.at(-1)?.state === 'saved');

    // What another program has begun beside it stays as it is.
    const foreign = `${desk.place}.part`;
    writeFileSync(foreign, 'of a browser');
    for (const [place, kind] of [
      [desk.place, null],
      [join(desk.at.directory, 'no such folder', 'saved.bin'), 'place_refused'],
      [desk.at.directory, 'place_refused'],
      ['/proc/saved.bin', 'place_refused'],
      ['/dev/full/saved.bin', 'place_refused'],
    ] as const) {
      const before = new Set(readdirSync(desk.at.directory));
      desk.place = place;
      const { id } = (await desk.calls['files.save']({ account, hash, name: 'a', size: bytes.length }, 1))!;
      const end = await until('its end', () =>
        desk.savings.find((one) => one.id === id && one.state !== 'saving'),
      );
      expect([place, end.failure?.kind ?? null]).toEqual([place, kind]);
      expect(new Set(readdirSync(desk.at.directory))).toEqual(before);
    }
    expect(readFileSync(foreign, 'utf8')).toBe('of a browser');
  });

  it('are given up and had again, copied, dragged under their own names, and not saved where that was cancelled', async () => {
    await start();
    const { bytes, hash } = await uploadedPicture();
    const other = await elsewhere();
    try {
      const file = { account, hash, name: 'up/../Shore.png', size: bytes.length };
      await expect(other.calls['files.drag'](file, 1)).rejects.toMatchObject({
        failure: { kind: 'file_not_here' },
      });
      await other.calls['files.fetch']({ account, hash }, 1);
      await other.calls['files.drag'](file, 1);
      expect(readFileSync(other.dragged.pop()![0]).equals(bytes)).toBe(true);
      await other.calls['files.copyImage']({ account, hash }, 1);
      expect(readFileSync(other.copied[0]!).equals(bytes)).toBe(true);
      await other.calls['files.drag'](file, 1);
      const [path, isImage] = other.dragged[0]!;
      expect([basename(path), isImage]).toEqual(['up..Shore.png', true]);
      expect(readFileSync(path).equals(bytes)).toBe(true);
      expect((await other.calls['files.kept']({}, 1)).bytes).toBe(bytes.length);
      expect((await other.calls['files.forget']({}, 1)).bytes).toBe(0);
      expect(await other.calls['files.look']({ account, hash }, 1)).toEqual({ here: false, failure: null });
      other.asked.length = 0;
      expect((await other.files.downloads.whole(account, hash)).size).toBe(bytes.length);
      expect(other.asked.filter(({ path: asked }) => asked.endsWith(hash))).toHaveLength(1);
      await other.calls['files.forget']({}, 1);
      other.place = join(other.at.directory, 'saved.png');
      const saving = await other.calls['files.save'](file, 1);
      other.calls['files.cancelSave']({ id: saving!.id }, 1);
      await until('the end of it', () => other.savings.find(({ state }) => state !== 'saving'));
      expect(other.savings.at(-1)).toMatchObject({ state: 'failed', failure: { kind: 'cancelled' } });
      expect(readdirSync(other.at.directory).filter((name) => /saved|part$/.test(name))).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
