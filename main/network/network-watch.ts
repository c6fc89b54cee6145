/** Electron tells of no change of network, so the facts are watched: whether there is one, and which addresses this computer has. */
import type { NetworkInterfaceInfo } from 'node:os';

const INTERVAL = 5_000;

export interface NetworkWatchParts {
  isOnline(): boolean;
  interfaces(): NodeJS.Dict<NetworkInterfaceInfo[]>;
  /** There is a network again. */
  back(): void;
  /** Another network, another address, another cable: what is connected may be so no longer. */
  changed(): void;
  /** Each change, for the connection log. */
  heard?(what: 'network-lost' | 'network-back' | 'network-change'): void;
  repeat(work: () => void, interval: number): void;
}

export function watchNetwork(parts: NetworkWatchParts): void {
  const { isOnline, interfaces, back, changed, repeat } = parts;
  let online = isOnline();
  let before = fingerprintOf(interfaces());
  repeat(() => {
    const [now, after] = [isOnline(), fingerprintOf(interfaces())];
    if (after !== before) parts.heard?.('network-change');
    if (now !== online) parts.heard?.(now ? 'network-back' : 'network-lost');
    if (after !== before) changed();
    else if (now && !online) back();
    online = now;
    before = after;
  }, INTERVAL);
}

/**
 * The addresses from which this computer reaches others, in a fixed order. IPv6 only by its network: the rest of such an address is exchanged for
 * another from time to time (RFC 8981), and connections outlive that.
 */
export function fingerprintOf(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string {
  return Object.entries(interfaces)
    .flatMap(([name, addresses = []]) =>
      addresses
        .filter(({ internal }) => !internal)
        .map(({ family, address, mac }) =>
          [name, mac, family, family === 'IPv6' ? address.split(':').slice(0, 4).join(':') : address].join(
            ' ',
          ),
        ),
    )
    .filter((one, at, all) => all.indexOf(one) === at)
    .sort()
    .join('\n');
}
