/**
 * The way through the network's proxies for our own pages. Where a script chooses the proxy (PAC), Chromium's answer does not reach pages of a scheme of their own
 * (electron/electron#53887): their sockets go direct, and fail. So main asks for each server, in a session that follows the system, and names the answers as fixed rules.
 */

export interface ProxyRules {
  proxyRules: string;
  proxyBypassRules: string;
}

export interface ProxyKeeperParts {
  /** What the system says of an address: `PROXY host:port; DIRECT` and the like. */
  resolve(url: string): Promise<string>;
  /** Null: as the system says. */
  set(rules: ProxyRules | null): Promise<void>;
  /** Addresses of servers, of whatever scheme. */
  servers(): readonly string[];
  log(line: string): void;
}

export class ProxyKeeper {
  readonly #parts: ProxyKeeperParts;
  #told = 'null';
  #line: Promise<void> = Promise.resolve();

  constructor(parts: ProxyKeeperParts) {
    this.#parts = parts;
  }

  /** To be called when servers came or went, or the network changed. Does not fail. */
  refresh(): Promise<void> {
    this.#line = this.#line.then(() =>
      this.#refresh().catch((error: unknown) => this.#parts.log(`proxies: ${error}`)),
    );
    return this.#line;
  }

  async #refresh(): Promise<void> {
    const { resolve, set, servers, log } = this.#parts;
    const answers = new Map<string, string>();
    for (const address of servers()) {
      const { host, protocol } = new URL(address);
      const scheme = /^(wss|https):$/.test(protocol) ? 'https' : 'http';
      answers.set(host, await resolve(`${scheme}://${host}/`));
    }
    const rules = rulesOf(answers, log);
    const told = JSON.stringify(rules);
    if (told === this.#told) return;
    await set(rules);
    this.#told = told;
  }
}

/** What the command line says of proxies, which holds for the default session alone; null: as the system says. */
export function flaggedProxies(flag: (name: string) => string) {
  const pacScript = flag('proxy-pac-url');
  if (pacScript !== '') return { mode: 'pac_script', pacScript } as const;
  const proxyRules = flag('proxy-server');
  if (proxyRules === '') return null;
  return { mode: 'fixed_servers', proxyRules, proxyBypassRules: flag('proxy-bypass-list') } as const;
}

/** By host and port. Null where all of them are reached directly. */
export function rulesOf(
  answers: ReadonlyMap<string, string>,
  log: (line: string) => void = () => {},
): ProxyRules | null {
  const ways = new Map<string, string[]>();
  const direct: string[] = [];
  for (const [host, answer] of answers) {
    const way = wayOf(answer);
    if (way === null) direct.push(host);
    else ways.set(way, [...(ways.get(way) ?? []), host]);
  }
  // One list for all is what fixed rules can say: the way of most servers.
  const [most, ...others] = [...ways].sort(([, one], [, other]) => other.length - one.length);
  if (!most) return null;
  for (const [way, hosts] of others)
    log(`proxies: ${hosts.join(', ')} should go by ${way}, and go by ${most[0]}`);
  return { proxyRules: most[0], proxyBypassRules: ['<-loopback>', ...direct].join(';') };
}

const SCHEMES: Record<string, string> = {
  PROXY: '',
  HTTP: '',
  HTTPS: 'https://',
  SOCKS: 'socks4://',
  SOCKS4: 'socks4://',
  SOCKS5: 'socks5://',
};

/** A script's answer as a list of rules, tried in their order; null where the first of them is no proxy. */
function wayOf(answer: string): string | null {
  const steps = answer.split(';').flatMap((step) => {
    const [kind = '', place = ''] = step.trim().split(/\s+/);
    if (kind.toUpperCase() === 'DIRECT') return 'direct://';
    const scheme = SCHEMES[kind.toUpperCase()];
    return scheme === undefined || place === '' ? [] : `${scheme}${place}`;
  });
  return steps.length === 0 || steps[0] === 'direct://' ? null : steps.join(',');
}
