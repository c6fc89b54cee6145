import { expect, it } from 'vitest';
import { Seen } from './seen.ts';

it('tells servers of input and of the choice, again where a server did not answer, and nothing where the person does not want it', async () => {
  const sent: string[] = [];
  let [allowed, answers] = [true, true];
  const seen = new Seen({
    server: {
      send: ((account: string, method: string, path: string, body: object) => {
        sent.push(`${account} ${method} ${path} ${JSON.stringify(body)}`);
        return answers ? Promise.resolve(null) : Promise.reject(new Error('away'));
      }) as never,
    },
    accounts: () => ['a', 'b'],
    allowed: () => allowed,
  });
  seen.active();
  seen.chosen();
  expect(sent.splice(0)).toEqual(['a POST /api/account/seen {}', 'b POST /api/account/seen {}']);
  [allowed, answers] = [false, false];
  seen.chosen();
  await Promise.resolve();
  expect(sent.splice(0)).toEqual([
    'a PATCH /api/account/profile {"showLastSeen":false}',
    'b PATCH /api/account/profile {"showLastSeen":false}',
  ]);
  answers = true;
  seen.active();
  expect(sent.splice(0)).toHaveLength(2);
  await new Promise((resolve) => setImmediate(resolve));
  seen.active();
  expect(sent).toEqual([]);
});
