import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredFile } from '@matchbook/protocol/http/files';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { SERVICE, startTestApi, type TestApi } from '../testing/running-api.ts';
import { UNUSED_LIFE } from './files.ts';
import { UPLOAD_LIFE } from './uploads.ts';

type Person = { user: string; access: string };
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const base64 = (text: string) => Buffer.from(text).toString('base64');

onBothDatabases('files', (database) => {
  let api: TestApi;
  let ann: Person;
  let bob: Person;
  let log: LogWriter;
  const start = async (env: Record<string, string> = {}) => {
    api = await startTestApi({
      ...(await database.env()),
      API_REGISTRATION: 'open',
      API_ACCESS_TOKEN_SECONDS: '86400',
      ...env,
    });
    ann = await api.register('Ann');
    bob = await api.register('Bob');
    log = new LogWriter();
  };
  beforeEach(() => start());
  afterEach(() => api.close());

  const tus = (
    method: string,
    path: string,
    person: Person,
    headers: Record<string, string> = {},
    body?: Uint8Array,
  ) =>
    fetch(path.startsWith('http') ? path : `${api.base}${path}`, {
      method,
      headers: { authorization: `Bearer ${person.access}`, 'tus-resumable': '1.0.0', ...headers },
      ...(body ? { body: body as Buffer<ArrayBuffer> } : {}),
    });
  const create = (person: Person, size: number, hash: string) =>
    tus('POST', '/api/files/uploads', person, {
      'upload-length': String(size),
      'upload-metadata': `sha256 ${base64(hash)}`,
    });
  const patch = (path: string, person: Person, offset: number, body: Uint8Array) =>
    tus(
      'PATCH',
      path,
      person,
      { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      body,
    );
  const offsetOf = async (path: string, person: Person) =>
    Number((await tus('HEAD', path, person)).headers.get('upload-offset'));
  const started = async (person: Person, content: Uint8Array, hash = sha256(content)) => {
    const answer = await create(person, content.length, hash);
    expect(answer.status).toBe(201);
    return answer.headers.get('location')!;
  };
  const upload = async (person: Person, content: Uint8Array) => {
    const path = await started(person, content);
    expect((await patch(path, person, 0, content)).status).toBe(204);
    return (await api.get(`${path}/result`, person.access)).body as unknown as StoredFile;
  };
  /** To its end: a connection that is left in the middle keeps the server from stopping. */
  const read = async (person: Person, hash: string, headers: Record<string, string> = {}, more = '') => {
    const answer = await fetch(`${api.base}/api/files/${hash}${more}`, {
      headers: { authorization: `Bearer ${person.access}`, ...headers },
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, headers: answer.headers, bytes };
  };
  const save = async () => {
    for (const batch of log.batches())
      expect((await api.post('/api/messages/save', batch, SERVICE)).status).toBe(200);
  };
  const reference = (file: StoredFile) => ({
    hash: file.hash,
    name: 'a file',
    type: file.type,
    size: file.size,
  });

  it('an upload cut off at half goes on from there, also after a restart, and the last reply may be lost', async () => {
    const content = randomBytes(200_000);
    const path = await started(ann, content);
    await patch(path, ann, 0, content.subarray(0, 100_000));
    await api.restart();
    expect(await offsetOf(path, ann)).toBe(100_000);
    expect((await api.get(`${path}/result`, ann.access)).status).toBe(404);
    expect((await patch(path, ann, 50_000, content.subarray(50_000))).status).toBe(409);
    expect((await patch(path, ann, 100_000, content.subarray(100_000))).status).toBe(204);
    expect(await offsetOf(path, ann)).toBe(200_000);
    expect((await patch(path, ann, 200_000, new Uint8Array())).status).toBe(204);
    const file = (await api.get(`${path}/result`, ann.access)).body;
    expect(file).toMatchObject({
      hash: sha256(content),
      size: 200_000,
      type: 'application/octet-stream',
      thumbnail: false,
    });
    expect((await read(ann, file.hash as string)).bytes.equals(content)).toBe(true);
  });

  it('whatever pieces it comes in, with connections cut anywhere, the bytes are the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 5_000 }),
        fc.array(fc.record({ size: fc.integer({ min: 1, max: 2_000 }), cut: fc.boolean() }), {
          minLength: 1,
          maxLength: 6,
        }),
        async (content, pieces) => {
          const path = await started(ann, content);
          const rest = { size: content.length, cut: false };
          for (const { size, cut } of [...pieces, rest, rest]) {
            const offset = await offsetOf(path, ann);
            if (offset === content.length) break;
            const piece = content.subarray(offset, offset + size);
            if (!cut) {
              // 409: what was cut off arrived after all, meanwhile.
              expect([204, 409]).toContain((await patch(path, ann, offset, piece)).status);
            } else await brokenOff(path, offset, piece);
          }
          const { hash } = (await api.get(`${path}/result`, ann.access)).body as unknown as StoredFile;
          expect(hash).toBe(sha256(content));
          expect(new Uint8Array((await read(ann, hash)).bytes)).toEqual(content);
        },
      ),
      { numRuns: 10 },
    );
  });

  /** Says that more will come, and is gone. */
  async function brokenOff(path: string, offset: number, piece: Uint8Array): Promise<void> {
    const stop = new AbortController();
    const body = new ReadableStream({
      async start(stream) {
        stream.enqueue(piece);
        setTimeout(() => stop.abort(), 5);
      },
    });
    const headers = {
      ...{ authorization: `Bearer ${ann.access}`, 'tus-resumable': '1.0.0', 'upload-offset': String(offset) },
      'content-type': 'application/offset+octet-stream',
    };
    await fetch(`${api.base}${path}`, {
      method: 'PATCH',
      headers,
      body,
      duplex: 'half',
      signal: stop.signal,
    } as RequestInit).catch(() => {});
    // The server may still be writing what it got: the library asks the old request to let go, and a HEAD waits for that.
    await offsetOf(path, ann);
  }

  it('bytes that are others than was said are refused and gone', async () => {
    const content = randomBytes(1_000);
    const path = await started(ann, content, sha256(randomBytes(1)));
    const answer = await patch(path, ann, 0, content);
    expect(answer.status).toBe(460);
    expect(await answer.text()).toContain('"field":"sha256"');
    expect((await tus('HEAD', path, ann)).status).toBe(404);
    expect((await read(ann, sha256(content))).status).toBe(404);
    expect(readdirSync(join(api.folder, 'files/uploads'))).toEqual([]);
  });

  it('is its sender’s alone, and names what is wrong before a byte is sent', async () => {
    const content = randomBytes(10);
    const path = await started(ann, content);
    for (const method of ['HEAD', 'DELETE']) expect((await tus(method, path, bob)).status).toBe(404);
    expect((await patch(path, bob, 0, content)).status).toBe(404);
    expect((await api.get(`${path}/result`, bob.access)).status).toBe(404);
    expect((await tus('POST', '/api/files/uploads', { user: '', access: 'x' })).status).toBe(401);
    for (const id of ['..%2f..%2fkeys.json', 'x', '../api.db', `${'a'.repeat(32)}`])
      expect((await tus('HEAD', `/api/files/uploads/${id}`, ann)).status).toBe(404);
    const asked = async (headers: Record<string, string>) =>
      (await tus('POST', '/api/files/uploads', ann, headers)).json();
    expect(await asked({})).toMatchObject({ kind: 'invalid_field', field: 'Upload-Length' });
    expect(await asked({ 'upload-length': '-1' })).toMatchObject({ field: 'Upload-Length' });
    expect(await asked({ 'upload-length': String(2 ** 40) })).toMatchObject({
      kind: 'body_too_large',
      limit: 512 * 1024 * 1024,
    });
    expect(await asked({ 'upload-length': '5' })).toMatchObject({ field: 'sha256' });
    expect(await asked({ 'upload-length': '5', 'upload-metadata': 'sha256 !!!' })).toMatchObject({
      status: 400,
    });
    expect((await tus('DELETE', path, ann)).status).toBe(204);
    expect((await tus('HEAD', path, ann)).status).toBe(404);
  });

  it('keeps to a quota, which uploads under way count for, and refuses types that are not wanted', async () => {
    await api.close();
    await start({ API_QUOTA_BYTES: '10000', API_FILE_TYPES_REFUSED: 'application/zip' });
    const fresh = await api.register('Cleo');
    expect((await api.get('/api/files/room', fresh.access)).body).toMatchObject({ used: 0, most: 10_000 });
    expect((await api.get('/api/files/room')).status).toBe(401);
    await upload(ann, randomBytes(6_000));
    const open = await started(ann, randomBytes(3_000));
    expect(await (await create(ann, 2_000, 'a'.repeat(64))).json()).toMatchObject({
      kind: 'body_too_large',
      field: 'quota',
      limit: 10_000,
    });
    await tus('DELETE', open, ann);
    expect((await create(ann, 2_000, 'a'.repeat(64))).status).toBe(201);
    const zip = Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(50)]);
    const answer = await patch(await started(bob, zip), bob, 0, zip);
    expect([answer.status, await answer.text()]).toEqual([460, expect.stringContaining('application/zip')]);
  });

  it('of many uploads that begin at once, only those for which there is room come in', async () => {
    await api.close();
    await start({ API_QUOTA_BYTES: '10000' });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => create(ann, 6_000, String(i).repeat(64))),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(new Set(statuses.filter((status) => status !== 201))).toEqual(new Set([413]));
  });

  it('who waits for an upload that is stalled waits quietly', async () => {
    const content = randomBytes(2_000);
    const path = await started(ann, content);
    const stop = new AbortController();
    const body = new ReadableStream({ start: (stream) => stream.enqueue(content.subarray(0, 500)) });
    const stalled = fetch(`${api.base}${path}`, {
      ...{ method: 'PATCH', body, duplex: 'half', signal: stop.signal },
      headers: {
        ...{ authorization: `Bearer ${ann.access}`, 'tus-resumable': '1.0.0', 'upload-offset': '0' },
        'content-type': 'application/offset+octet-stream',
      },
    } as RequestInit).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = process.cpuUsage();
    expect(await offsetOf(path, ann)).toBeLessThanOrEqual(500);
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(1_500_000);
    stop.abort();
    await stalled;
  });

  it('an answer that the bytes cannot be had is not kept', async () => {
    const { hash } = await upload(ann, randomBytes(60));
    rmSync(join(api.folder, 'files/stored', hash.slice(0, 2)), { recursive: true });
    const answer = await read(ann, hash);
    expect(answer.status).toBe(404);
    expect([answer.headers.get('cache-control'), answer.headers.get('etag')]).toEqual([
      'no-store',
      expect.not.stringContaining(hash),
    ]);
  });

  it('images get a size, a blur and a smaller one, upright and without what the camera wrote; broken ones get none', async () => {
    const picture = await sharp({ create: { width: 1_200, height: 800, channels: 3, background: '#c40' } })
      .jpeg()
      .withExif({ IFD0: { Copyright: 'canary' } })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const file = await upload(ann, picture);
    expect(file).toMatchObject({ type: 'image/jpeg', width: 800, height: 1_200, thumbnail: true });
    expect(file.blurhash).toMatch(/^.{6,}$/);
    const small = await read(ann, file.hash, {}, '/thumbnail');
    expect(small.headers.get('content-type')).toBe('image/webp');
    const { bytes } = small;
    const written = join(api.folder, 'thumbnail.webp');
    writeFileSync(written, bytes);
    const about = await sharp(written).metadata();
    expect([about.width, about.height, about.exif]).toEqual([427, 640, undefined]);
    expect(bytes.includes('canary')).toBe(false);
    const broken = await upload(ann, picture.subarray(0, 300));
    expect(broken).toMatchObject({ type: 'image/jpeg', thumbnail: false, width: null });
    expect((await read(ann, broken.hash, {}, '/thumbnail')).status).toBe(404);
    const moving = await sharp({ create: { width: 50, height: 40, channels: 3, background: '#0f0' } })
      .gif()
      .toBuffer();
    expect(await upload(ann, moving)).toMatchObject({ type: 'image/gif', width: 50, thumbnail: true });
    const avif = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#0f0' } })
      .avif()
      .toBuffer();
    expect(await upload(ann, avif)).toMatchObject({ type: 'image/avif', width: 64, thumbnail: true });
    const bomb = await sharp({
      create: { width: 9_000, height: 9_000, channels: 3, background: '#000' },
      limitInputPixels: false,
    })
      .png()
      .toBuffer();
    expect(await upload(ann, bomb)).toMatchObject({ type: 'image/png', thumbnail: false });
  });

  it.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    ['a PDF', '%PDF-1.7 ...'],
  ])('%s is only ever saved, and nothing of it runs', async (_what, text) => {
    const file = await upload(ann, Buffer.from(text));
    const { headers } = await read(ann, file.hash, {}, `?name=${encodeURIComponent('a/b"\r\n‮.html')}`);
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''a_b%22___.html");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
  });

  it('is read in parts', async () => {
    const content = Buffer.concat([Buffer.from('ID3'), randomBytes(97)]);
    const { hash } = await upload(ann, content);
    const part = async (range: string, more: Record<string, string> = {}) => {
      const answer = await read(ann, hash, { range, ...more });
      return [answer.status, answer.headers.get('content-range'), answer.bytes.length];
    };
    expect(await part('bytes=0-9')).toEqual([206, 'bytes 0-9/100', 10]);
    expect(await part('bytes=90-')).toEqual([206, 'bytes 90-99/100', 10]);
    expect(await part('bytes=-5')).toEqual([206, 'bytes 95-99/100', 5]);
    expect(await part('bytes=0-999')).toEqual([206, 'bytes 0-99/100', 100]);
    expect(await part('bytes=100-')).toEqual([416, 'bytes */100', 0]);
    expect(await part('bytes=-0')).toEqual([416, 'bytes */100', 0]);
    expect(await part('bytes=0-1,5-6')).toEqual([200, null, 100]);
    expect(await part('bytes=9-0')).toEqual([200, null, 100]);
    expect(await part('lines=1-2')).toEqual([200, null, 100]);
    expect(await part('bytes=0-9', { 'if-range': '"other"' })).toEqual([200, null, 100]);
    expect(await part('bytes=0-9', { 'if-range': `"${hash}"` })).toEqual([206, 'bytes 0-9/100', 10]);
    expect((await read(ann, hash, { 'if-none-match': `"${hash}"` })).status).toBe(304);
    const head = await fetch(`${api.base}/api/files/${hash}`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${ann.access}` },
    });
    expect([head.status, head.headers.get('content-length'), head.headers.get('content-type')]).toEqual([
      200,
      '100',
      'audio/mpeg',
    ]);
  });

  describe('I6: who may read one', () => {
    it('who brought it, and who sees a message that shows it, in their time', async () => {
      const eve = await api.register('Eve');
      const stranger = await api.register('Zoe');
      const [first, second, third] = [
        await upload(ann, randomBytes(9)),
        await upload(ann, randomBytes(9)),
        await upload(ann, randomBytes(9)),
      ];
      log.create('g', 'group', [ann.user, bob.user]);
      const one = log.say('g', ann.user, { text: '', files: [reference(first)] });
      log.entry('g', ann.user, { kind: 'member_remove', user: bob.user });
      log.entry('g', ann.user, { kind: 'member_add', users: [eve.user] });
      log.say('g', ann.user, { text: '', files: [reference(second)] });
      log.edit('g', ann.user, one, { text: '', files: [reference(third)] });
      await save();
      const may = async (person: Person) =>
        Promise.all(
          [first, second, third].map(async ({ hash }) => (await read(person, hash)).status === 200),
        );
      expect(await may(ann)).toEqual([true, true, true]);
      expect(await may(bob)).toEqual([true, false, false]);
      // The third belongs to a message that she never saw.
      expect(await may(eve)).toEqual([false, true, false]);
      expect(await may(stranger)).toEqual([false, false, false]);
      const refusal = (await read(stranger, first.hash)).bytes.toString();
      expect((await read(stranger, 'f'.repeat(64))).bytes.toString()).toBe(refusal);
      expect((await fetch(`${api.base}/api/files/${first.hash}`)).status).toBe(401);
    });

    it('to know the hash of a file opens it to nobody: not by a message that names it, and not as one’s picture', async () => {
      const eve = await api.register('Eve');
      const file = await upload(ann, randomBytes(40));
      log.create('own', 'direct', [eve.user, bob.user]);
      log.say('own', eve.user, { text: '', files: [reference(file)] });
      await save();
      expect([(await read(eve, file.hash)).status, (await read(bob, file.hash)).status]).toEqual([404, 404]);
      const avatar = await api.send('PATCH', '/api/account/profile', { avatar: file.hash }, eve.access);
      expect(avatar.body).toMatchObject({ kind: 'not_found', field: 'avatar' });
      expect((await read(eve, file.hash)).status).toBe(404);
      // Who was shown it may show it on.
      log.create('shown', 'direct', [ann.user, bob.user]);
      log.say('shown', ann.user, { text: '', files: [reference(file)] });
      log.say('own', bob.user, { text: '', files: [reference(file)] });
      await save();
      expect((await read(eve, file.hash)).status).toBe(200);
    });

    it('a picture of a person is for those who share a conversation with them', async () => {
      const file = await upload(ann, randomBytes(20));
      await api.send('PATCH', '/api/account/profile', { avatar: file.hash }, ann.access);
      expect((await read(bob, file.hash)).status).toBe(404);
      log.create('c', 'direct', [ann.user, bob.user]);
      await save();
      expect((await read(bob, file.hash)).status).toBe(200);
    });

    it('a group’s picture is for all who are in it, whenever they came, and stands on its invitations; an earlier one is not', async () => {
      const eve = await api.register('Eve');
      const pictureOf = (background: string) =>
        sharp({ create: { width: 30, height: 30, channels: 3, background } })
          .png()
          .toBuffer();
      const [earlier, present] = [
        await upload(ann, await pictureOf('#a00')),
        await upload(ann, await pictureOf('#0a0')),
      ];
      const naming = (file: StoredFile) => ({
        type: 'application/vnd.matchbook.message+json',
        text: JSON.stringify({ text: '', files: [reference(file)] }),
      });
      log.create('g', 'group', [ann.user, bob.user]);
      for (const file of [earlier, present])
        log.entry('g', ann.user, { kind: 'picture', body: naming(file) });
      await save();
      const may = async (person: Person) => [
        (await read(person, earlier.hash)).status,
        (await read(person, present.hash)).status,
      ];
      expect([await may(bob), await may(eve)]).toEqual([
        [200, 200],
        [404, 404],
      ]);
      const { secret } = (await api.post('/api/invitations', { conv: 'g' }, ann.access)).body;
      const seen = (await api.post('/api/invitations/preview', { secret })).body;
      expect(Buffer.from(String(seen.picture), 'base64').subarray(8, 12).toString()).toBe('WEBP');
      log.entry('g', ann.user, { kind: 'member_add', users: [eve.user] });
      await save();
      expect(await may(eve)).toEqual([404, 200]);
      log.entry('g', ann.user, { kind: 'member_remove', user: eve.user });
      await save();
      expect(await may(eve)).toEqual([404, 404]);
      // Who only names a file in a picture shows it to nobody, themselves included.
      const own = await upload(bob, await pictureOf('#00a'));
      log.entry('g', ann.user, { kind: 'picture', body: naming(own) });
      await save();
      expect((await read(ann, own.hash)).status).toBe(404);
      expect((await api.post('/api/invitations/preview', { secret })).body.picture).toBeUndefined();
    });

    it('two who bring the same share the bytes, and neither loses them by the other', async () => {
      const content = randomBytes(50);
      const [hers, his] = await Promise.all([upload(ann, content), upload(bob, content)]);
      expect(hers).toEqual(his);
      expect(await Promise.all([ann, bob].map(async (one) => (await read(one, hers.hash)).status))).toEqual([
        200, 200,
      ]);
    });
  });

  it('what nobody shows any more is erased after a day, with its bytes; what is shown stays', async () => {
    const picture = await sharp({ create: { width: 30, height: 30, channels: 3, background: '#08f' } })
      .png()
      .toBuffer();
    const [shown, gone] = [await upload(ann, randomBytes(30)), await upload(ann, picture)];
    const avatar = await upload(ann, randomBytes(31));
    await api.send('PATCH', '/api/account/profile', { avatar: avatar.hash }, ann.access);
    log.create('c', 'direct', [ann.user, bob.user]);
    log.say('c', ann.user, { text: '', files: [reference(shown)] });
    const target = log.say('c', ann.user, { text: '', files: [reference(gone)] });
    await save();
    const [later, begun] = [await upload(ann, randomBytes(32)), await upload(ann, randomBytes(33))];
    const naming = (file: StoredFile) => ({
      type: 'application/vnd.matchbook.message+json',
      text: JSON.stringify({ text: '', files: [reference(file)] }),
    });
    const due = api.clock.now + 30 * 86_400_000;
    await api.send('PUT', '/api/scheduled/m1', { conv: 'c', body: naming(later), due }, ann.access);
    log.register({ reg: 'draft', conv: 'c', user: ann.user, v: 1, time: 1, body: naming(begun) });
    await save();
    const half = await started(ann, randomBytes(100));
    await patch(half, ann, 0, randomBytes(50));
    log.entry('c', ann.user, { kind: 'delete', target });
    await save();
    const stored = (hash: string, ending = '') =>
      existsSync(join(api.folder, 'files/stored', hash.slice(0, 2), hash.slice(2, 4), hash + ending));
    expect([stored(gone.hash), stored(gone.hash, '.webp')]).toEqual([true, true]);
    api.clock.now += Math.max(UNUSED_LIFE, UPLOAD_LIFE) + 1;
    await api.restart();
    await expect.poll(() => [stored(gone.hash), stored(gone.hash, '.webp')]).toEqual([false, false]);
    await expect.poll(() => readdirSync(join(api.folder, 'files/uploads'))).toEqual([]);
    const kept = [shown, avatar, later, begun].map(({ hash }) => stored(hash));
    expect(kept).toEqual([true, true, true, true]);
  });

  it('what a message shows that is on its way to here stays: sent while this server was away, released and not taken by the log, or a dead letter', async () => {
    const [sent, released, refused, dead] = [
      await upload(ann, randomBytes(40)),
      await upload(ann, randomBytes(41)),
      await upload(ann, randomBytes(42)),
      await upload(ann, randomBytes(43)),
    ];
    const given = await upload(ann, randomBytes(44));
    log.create('c', 'direct', [ann.user, bob.user]);
    await save();
    const naming = (file: StoredFile) => ({
      type: 'application/vnd.matchbook.message+json',
      text: JSON.stringify({ text: '', files: [reference(file)] }),
    });
    // The relay is away when they are due; the second one it refuses.
    await api.inStore(({ write }) =>
      write(async (trx) => {
        const item = (file: StoredFile) => JSON.stringify({ kind: 'message', body: naming(file) });
        const row = { reason: null, createdAt: 1 };
        await trx
          .insertInto('outbound')
          .values([
            { ...row, id: 'w', item: item(released), state: 'waiting' },
            { ...row, id: 'r', item: item(refused), state: 'refused' },
          ])
          .execute();
        await trx
          .insertInto('deadLetter')
          .values({ epoch: 'e', seq: 1, hash: null, item: item(dead), reason: 'x', createdAt: 1 })
          .execute();
      }),
    );
    api.relay.failures.push(...Array<number>(1_000).fill(503));
    api.relay.unsaved = 1;
    api.clock.now += UNUSED_LIFE + 1;
    await api.restart();
    // A stop waits for the round that a start begins.
    await api.restart();
    const stored = (file: StoredFile) =>
      existsSync(join(api.folder, 'files/stored', file.hash.slice(0, 2), file.hash.slice(2, 4), file.hash));
    expect([sent, released, refused, dead, given].map(stored)).toEqual([true, true, true, true, true]);
    // What was sent a day ago arrives.
    log.say('c', ann.user, { text: '', files: [reference(sent)] });
    await save();
    api.relay.unsaved = 0;
    await api.restart();
    await expect.poll(() => stored(given)).toBe(false);
    await api.restart();
    expect([sent, released, refused, dead].map(stored)).toEqual([true, true, true, true]);
  });

  it('every refusal is a problem that names what is wrong, and only what it can do is offered', async () => {
    const content = randomBytes(1_000);
    const path = await started(ann, content);
    const refused = async (answer: Response) => {
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      const { status, kind, field, limit } = (await answer.json()) as Record<string, unknown>;
      expect(status).toBe(answer.status);
      return [status, kind, field, ...(limit === undefined ? [] : [limit])];
    };
    const bytes = { 'content-type': 'application/offset+octet-stream' };
    expect(await refused(await patch(path, ann, 5, content))).toEqual([409, 'conflict', 'Upload-Offset']);
    expect(await refused(await patch(path, ann, -1, content))).toEqual([
      400,
      'invalid_field',
      'upload-offset',
    ]);
    expect(await refused(await tus('PATCH', path, ann, bytes, content))).toEqual([
      403,
      'invalid_field',
      'Upload-Offset',
    ]);
    expect(await refused(await patch(path, ann, 0, randomBytes(1_001)))).toEqual([
      413,
      'body_too_large',
      'Upload-Length',
      1_000,
    ]);
    expect(await refused(await tus('PATCH', path, ann, { 'tus-resumable': '' }))).toEqual([
      412,
      'invalid_field',
      'Tus-Resumable',
    ]);
    const other = await started(ann, content, sha256(randomBytes(4)));
    expect(await refused(await patch(other, ann, 0, content))).toEqual([460, 'invalid_field', 'sha256']);
    const offered = (await tus('OPTIONS', '/api/files/uploads', ann)).headers.get('tus-extension');
    expect(offered).toBe('creation,creation-with-upload,termination');
    expect((await tus('DELETE', path, ann)).status).toBe(204);
    expect((await tus('HEAD', path, ann)).status).toBe(404);
    expect(readdirSync(join(api.folder, 'files/uploads'))).toEqual([]);
  });

  it('who has it already is told so, by whatever tag', async () => {
    const { hash } = await upload(ann, randomBytes(10));
    for (const tag of [`"${hash}"`, `W/"${hash}"`, `"other", "${hash}"`, '*'])
      expect((await read(ann, hash, { 'if-none-match': tag })).status).toBe(304);
    expect((await read(ann, hash, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('a completion that a crash prevented is made up for, and an offset is never beyond the bytes', async () => {
    const content = randomBytes(1_000);
    const path = await started(ann, content);
    await patch(path, ann, 0, content.subarray(0, 600));
    const staged = join(api.folder, 'files/uploads', path.split('/').at(-1)!);
    truncateSync(staged, 400);
    await api.restart();
    expect(await offsetOf(path, ann)).toBe(400);
    await patch(path, ann, 400, content.subarray(400));
    expect((await api.get(`${path}/result`, ann.access)).body.hash).toBe(sha256(content));
  });
});
