/** From where a request may come, and under which name it may ask. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** A name of `hosts`, with any port. Keeps pages of other names from reaching a loopback address (DNS rebinding). */
export function hostAllowed(header: string | undefined, hosts: readonly string[]): boolean {
  const name = header?.toLowerCase().replace(/:\d{1,5}$/, '');
  return hosts.some((host) => host.toLowerCase() === name);
}

/** Loopback, private and link-local addresses. */
export function isPrivate(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return (
    /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\./.test(plain) ||
    plain === '::1' ||
    /^f[cd]|^fe[89ab]/i.test(plain)
  );
}

export interface Origins {
  readonly hosts: readonly string[];
  readonly proxies: BlockList;
  /** Browsers send their origin; what sends none is no browser. */
  allowed(header: string | undefined): boolean;
}

/** @param proxies addresses or networks in CIDR notation. Throws where one is neither. */
export function originsOf(
  origins: readonly string[],
  hosts: readonly string[],
  proxies: readonly string[],
): Origins {
  const list = new BlockList();
  for (const one of proxies) {
    const [address = '', prefix] = one.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return {
    hosts,
    proxies: list,
    allowed: (header) => header === undefined || origins.includes(header),
  };
}

/** The address that a request came from: the last one in X-Forwarded-For that no proxy of ours put there. */
export function remoteAddress(request: IncomingMessage, proxies: BlockList): string {
  let address = request.socket.remoteAddress ?? '';
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
  while (forwarded.length > 0 && isProxy(address, proxies)) address = forwarded.pop()!;
  return address;
}

function isProxy(address: string, proxies: BlockList): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return isIP(plain) !== 0 && proxies.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}
