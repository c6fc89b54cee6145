import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkOf } from '@matchbook/protocol/network-of';
import express from 'express';
import { afterEach, expect, it } from 'vitest';
import { inTime } from './in-time.ts';

let close: () => void = () => {};
afterEach(() => close());

it('a body that does not come in time ends its connection; a slow answer does not', async () => {
  const app = express();
  app.use(inTime(200), express.json());
  app.post('/', (_request, response) => void setTimeout(() => response.json({ ok: true }), 400));
  const server = createServer(app).listen(0, '127.0.0.1');
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const body = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  expect(await (await fetch(`http://127.0.0.1:${port}/`, body)).json()).toEqual({ ok: true });
  const slow = connect(port, '127.0.0.1');
  slow.on('error', () => {});
  slow.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
  await once(slow, 'close');
});

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['garbage', 'garbage'],
])('%s is of the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
