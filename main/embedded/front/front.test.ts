import { request as ask, createServer, type Server } from 'node:http';
import { request as askSecurely } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { makeCertificate, type ServerCertificate } from '../../trust/certificate.ts';
import { createFront } from './front.ts';

let own: ServerCertificate;
beforeAll(async () => {
  own = await makeCertificate(Date.now());
});

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const listening = async (server: Server | ReturnType<typeof createFront>): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return (server.address() as AddressInfo).port;
};

/** A server that answers with what reached it, and its sockets with what they hear. */
async function behind(name: string): Promise<string> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () =>
      response.end(
        JSON.stringify({
          ...{ name, url: request.url, headers: request.headers },
          bytes: Buffer.concat(parts).length,
        }),
      ),
    );
  });
  new WebSocketServer({ server, path: '/ws' }).on('connection', (socket, request) => {
    socket.on('message', (data) => socket.send(`${name} ${request.headers['x-forwarded-for']} ${data}`));
  });
  return `http://127.0.0.1:${await listening(server)}`;
}

async function stage() {
  const said: string[] = [];
  const [relay, api] = [await behind('relay'), await behind('api')];
  const front = createFront({ ...own, relay, api, log: (line) => said.push(line) });
  return { port: await listening(front), said };
}

interface Answer {
  status: number;
  body: { name: string; url: string; bytes: number; headers: Record<string, string> } | null;
}

const asked = (port: number, path: string, headers: Record<string, string> = {}, body?: Buffer) =>
  new Promise<Answer>((resolve, reject) => {
    const to = {
      port,
      host: '127.0.0.1',
      path,
      headers,
      ca: own.certificate,
      checkServerIdentity: () => undefined,
    };
    const request = askSecurely({ ...to, method: body ? 'POST' : 'GET' }, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode!, body: text.startsWith('{') ? JSON.parse(text) : null }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });

describe('the front', () => {
  it('leads to the server that a path belongs to, and nowhere else', async () => {
    const { port } = await stage();
    expect((await asked(port, '/api/server?x=1')).body).toMatchObject({
      name: 'api',
      url: '/api/server?x=1',
    });
    for (const path of ['/send-message', '/entries?wait=25', '/health-check'])
      expect((await asked(port, path)).body).toMatchObject({ name: 'relay', url: path });
    for (const path of [
      ...['/', '/metrics', '/livez', '/internal/append', '/events', '/ws/x', '/apix', '/entries/'],
      ...['/api/messages/save', '/api/Messages/Save/', '/api/messages/progress', '/api/../internal/append'],
      ...['/api/%2e%2e/metrics', '//internal/append', '/api//messages/save', '/api/x/..%2fmessages/save'],
    ])
      expect({ path, status: (await asked(port, path)).status }).toEqual({ path, status: 404 });
  });

  it('says who asks by the connection alone, whatever they say of themselves', async () => {
    const { port } = await stage();
    const { body } = await asked(port, '/api/server', {
      'X-Forwarded-For': '10.1.1.1',
      ...{ Forwarded: 'for=10.1.1.1', 'x-real-ip': '10.1.1.1', 'X-Forwarded-Host': 'evil' },
    });
    expect(body!.headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https' });
    for (const name of ['forwarded', 'x-real-ip', 'x-forwarded-host'])
      expect(body!.headers).not.toHaveProperty(name);
  });

  it('passes bodies of any size through', async () => {
    const { port } = await stage();
    const { body } = await asked(port, '/api/files', {}, Buffer.alloc(5_000_000));
    expect(body).toMatchObject({ name: 'api', bytes: 5_000_000 });
  });

  it('carries sockets of the relay, and no others', async () => {
    const { port } = await stage();
    const options = { rejectUnauthorized: false };
    const socket = new WebSocket(`wss://127.0.0.1:${port}/ws`, options);
    open.push(socket);
    const heard = await new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('open', () => socket.send('hello'));
      socket.on('message', (data) => resolve(String(data)));
    });
    expect(heard).toBe('relay 127.0.0.1 hello');
    const other = new WebSocket(`wss://127.0.0.1:${port}/api/ws`, options);
    const refused = await new Promise((resolve) => other.on('error', (error) => resolve(error.message)));
    expect(refused).toMatch(/404/);
  });

  it('answers 502 while a server is away, and goes on', async () => {
    const said: string[] = [];
    const api = await behind('api');
    const front = createFront({ ...own, relay: 'http://127.0.0.1:1', api, log: (line) => said.push(line) });
    const port = await listening(front);
    expect((await asked(port, '/entries')).status).toBe(502);
    const socket = new WebSocket(`wss://127.0.0.1:${port}/ws`, { rejectUnauthorized: false });
    await new Promise((resolve) => socket.on('error', resolve));
    expect((await asked(port, '/api/server')).status).toBe(200);
    expect(said.join()).toMatch(/ECONNREFUSED/);
  });

  it('speaks TLS 1.3 alone, and never in plain', async () => {
    const { port } = await stage();
    const older = connect({ port, host: '127.0.0.1', maxVersion: 'TLSv1.2', rejectUnauthorized: false });
    const fault = await new Promise<string>((resolve) => {
      older.on('error', (error) => resolve(error.message));
      older.on('secureConnect', () => resolve('it connected'));
    });
    expect(fault).toMatch(/protocol version|alert/i);
    const plain = await new Promise<string>((resolve) => {
      const request = ask({ port, host: '127.0.0.1', path: '/api/server' }, (response) =>
        resolve(String(response.statusCode)),
      );
      request.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message));
      request.end();
    });
    expect(plain).toMatch(/ECONNRESET|HPE|socket hang up/);
  });
});
