import { expect, it } from 'vitest';
import { LocalError } from '../bridge/local-failure.ts';
import { ApiClient, NOTHING } from './api-client.ts';
import { JSON_BYTES, jsonOf } from './json-body.ts';

/** Blanks before a value are JSON as well. */
function blanks(bytes: number, then: string) {
  const piece = new Uint8Array(1024 * 1024).fill(32);
  const world = { sent: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (world.sent < bytes) controller.enqueue(piece);
      else {
        controller.enqueue(new TextEncoder().encode(then));
        controller.close();
      }
      world.sent += piece.length;
    },
  });
  return { world, response: new Response(body) };
}

it('an answer is read as it is, whole', async () => {
  const { response } = blanks(3 * 1024 * 1024, '{"name":"Zoë"}');
  expect(await jsonOf(response)).toEqual({ name: 'Zoë' });
  await expect(jsonOf(new Response('{'))).rejects.toThrow(SyntaxError);
  await expect(jsonOf(new Response(null))).rejects.toThrow(SyntaxError);
});

it('of a server that goes on and on no more is read than any answer is', async () => {
  const { world, response } = blanks(3 * JSON_BYTES, 'null');
  const asked = new ApiClient(async () => response).get('https://x.example', '/api/server', NOTHING);
  const failure = await asked.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(LocalError);
  expect((failure as LocalError).failure.kind).toBe('server_failed');
  expect(world.sent).toBeLessThan(2 * JSON_BYTES);
});
