import { expect, it } from 'vitest';
import { ProxyKeeper, type ProxyRules, rulesOf } from './proxy-keeper.ts';

it.each([
  [{ 'a:1': 'DIRECT' }, null],
  [{ 'a:1': '' }, null],
  [{ 'a:1': 'DIRECT; PROXY p:8080' }, null],
  [{ 'a:1': 'PROXY p:8080' }, { proxyRules: 'p:8080', proxyBypassRules: '<-loopback>' }],
  [
    { 'a:1': 'PROXY p:8080; HTTPS q:443; SOCKS5 r:1080; DIRECT', 'b:2': 'DIRECT' },
    { proxyRules: 'p:8080,https://q:443,socks5://r:1080,direct://', proxyBypassRules: '<-loopback>;b:2' },
  ],
  [
    { 'a:1': 'PROXY p:1', 'b:1': 'PROXY q:1', 'c:1': 'PROXY q:1' },
    { proxyRules: 'q:1', proxyBypassRules: '<-loopback>' },
  ],
])('%j becomes %j', (answers, rules) => {
  expect(rulesOf(new Map(Object.entries(answers)))).toEqual(rules);
});

it('asks by the scheme under which a page would, sets what changed and nothing else, and goes back to the system', async () => {
  const asked: string[] = [];
  const set: (ProxyRules | null)[] = [];
  const logs: string[] = [];
  let answer: string | Error = 'DIRECT';
  const keeper = new ProxyKeeper({
    resolve: (url) => {
      asked.push(url);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    set: (rules) => Promise.resolve(void set.push(rules)),
    servers: () => ['wss://chat.test/ws', 'http://api.test:81'],
    log: (line) => logs.push(line),
  });
  await keeper.refresh();
  expect(asked).toEqual(['https://chat.test/', 'http://api.test:81/']);
  expect(set).toEqual([]);
  answer = 'PROXY p:1';
  await Promise.all([keeper.refresh(), keeper.refresh()]);
  expect(set).toEqual([{ proxyRules: 'p:1', proxyBypassRules: '<-loopback>' }]);
  answer = new Error('no script');
  await keeper.refresh();
  expect([set.length, logs]).toEqual([1, ['proxies: Error: no script']]);
  answer = 'DIRECT';
  await keeper.refresh();
  expect(set.at(-1)).toBeNull();
});
