/** Which addresses of the network a server may call for somebody else: public ones, in whatever spelling, and no others. */
import { lookup as dnsLookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

/** IPv6 ranges that carry an IPv4 address: where it stands, in bytes. NAT64 (RFC 6052) and 6to4 (RFC 3056). */
const CARRIERS: readonly { prefix: string; bits: number; at: number }[] = [
  { prefix: '64:ff9b::', bits: 96, at: 12 },
  { prefix: '2002::', bits: 16, at: 2 },
];

/** The part of IPv6 that is given out to the public (RFC 4291, 2.4), and what in it is not: protocols (RFC 2928) and examples (RFC 9637). */
const GLOBAL = ipaddr.IPv6.parseCIDR('2000::/3');
const NOT_GLOBAL = ['2001::/23', '3fff::/20'].map((range) => ipaddr.IPv6.parseCIDR(range));

/** @param text an address as `dns.lookup` answers it */
export function isPublic(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.kind() === 'ipv4') return address.range() === 'unicast';
  const six = address as ipaddr.IPv6;
  for (const { prefix, bits, at } of CARRIERS)
    if (six.match(ipaddr.IPv6.parse(prefix), bits))
      return isPublic(
        six
          .toByteArray()
          .slice(at, at + 4)
          .join('.'),
      );
  return six.range() === 'unicast' && six.match(GLOBAL) && !NOT_GLOBAL.some((range) => six.match(range));
}

export interface Resolver {
  /** All addresses of a name, once. */
  resolve(name: string): Promise<{ address: string; family: number }[]>;
  isAllowed(address: string, port: number): boolean;
  /** A host of the web or of a private network that whoever runs the server has named: it may be called wherever it is. */
  isNamed?(hostname: string, port: number): boolean;
}

/** Ports of the web; what listens elsewhere is not meant for strangers. */
const PORTS = new Set([80, 443]);

export const publicWeb: Resolver = {
  resolve: (name) => dnsLookup(name, { all: true, verbatim: true }),
  isAllowed: (address, port) => PORTS.has(port) && isPublic(address),
};

/** The public web, and these hosts besides. @param named `name:port` */
export const webWith = (named: readonly string[]): Resolver => ({
  ...publicWeb,
  isNamed: (hostname, port) => named.includes(`${hostname}:${port}`),
});

/**
 * The one address that a request for this host goes to.
 *
 * @throws Error where it is not named and any of its addresses is not allowed: one that answers now this and now that is refused
 */
export async function pinned(
  resolver: Resolver,
  hostname: string,
  port: number,
): Promise<{ address: string; family: number }> {
  const bare = hostname.replace(/^\[|\]$/g, '');
  const found = ipaddr.isValid(bare)
    ? [{ address: bare, family: bare.includes(':') ? 6 : 4 }]
    : await resolver.resolve(hostname);
  const may =
    resolver.isNamed?.(hostname, port) ||
    (found.length > 0 && found.every(({ address }) => resolver.isAllowed(address, port)));
  if (!may || found.length === 0) throw new Error('not a public address');
  return found[0]!;
}
