import { connect, createServer, type Socket } from 'node:net';

/** One direction of a line: so many bytes a second, so long on the way. Takes no more in than it can pass on soon. */
class Way {
  readonly #bytesPerSecond: number;
  readonly #delay: number;
  #freeAt = 0;

  constructor(bytesPerSecond: number, delay: number) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#delay = delay;
  }

  join(from: Socket, to: Socket): void {
    from.on('data', (data) => {
      const now = performance.now();
      this.#freeAt = Math.max(now, this.#freeAt) + (data.length / this.#bytesPerSecond) * 1_000;
      const left = this.#freeAt - now;
      setTimeout(() => to.writable && to.write(data), left + this.#delay);
      // What waits in front of the line is in its buffer: a quarter of a second of it.
      if (left > 250) {
        from.pause();
        setTimeout(() => from.resume(), left - 250);
      }
    });
    from.on('close', () => setTimeout(() => to.destroy(), this.#delay));
    from.on('error', () => to.destroy());
  }
}

/** A TCP proxy that is a slow line, the same for all that go through it. Answers with its port. */
export async function slowLine(port: number, bitsPerSecond: number, roundTrip: number): Promise<number> {
  const [down, up] = [new Way(bitsPerSecond / 8, roundTrip / 2), new Way(bitsPerSecond / 8, roundTrip / 2)];
  const server = createServer((client) => {
    client.setNoDelay(true);
    const relay = connect(port, '127.0.0.1');
    relay.setNoDelay(true);
    down.join(relay, client);
    up.join(client, relay);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return (server.address() as { port: number }).port;
}
