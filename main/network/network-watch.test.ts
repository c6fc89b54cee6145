import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, watchNetwork } from './network-watch.ts';

const address = (address: string, more: Partial<NetworkInterfaceInfo> = {}) =>
  ({
    address,
    netmask: '255.255.255.0',
    family: address.includes(':') ? 'IPv6' : 'IPv4',
    mac: '02:00:00:00:00:01',
    internal: false,
    cidr: null,
    ...more,
  }) as NetworkInterfaceInfo;

const WIFI = { wlan0: [address('192.168.1.7')] };
const PHONE = { usb0: [address('172.20.10.2')] };

function watched() {
  const world = { online: true, interfaces: WIFI as NodeJS.Dict<NetworkInterfaceInfo[]> };
  const told: string[] = [];
  let look = () => {};
  watchNetwork({
    isOnline: () => world.online,
    interfaces: () => world.interfaces,
    back: () => told.push('back'),
    changed: () => told.push('changed'),
    repeat: (work) => {
      look = work;
    },
  });
  return { world, told, look: () => look() };
}

describe('the network', () => {
  it('is told of when it came back, and not while it stays', () => {
    const { world, told, look } = watched();
    const seen = [true, false, false, true, true, false, true].map((now) => {
      world.online = now;
      look();
      return told.length;
    });
    expect(seen).toEqual([0, 0, 0, 1, 1, 1, 2]);
  });

  it('is told of when it is another one, also where the system calls both online', () => {
    const { world, told, look } = watched();
    look();
    expect(told).toEqual([]);
    world.interfaces = PHONE;
    look();
    world.interfaces = { ...PHONE, ...WIFI };
    look();
    look();
    expect(told).toEqual(['changed', 'changed']);
  });
});

describe('its fingerprint', () => {
  it('does not depend on the order in which the system names things, and leaves out what leads nowhere', () => {
    const one = fingerprintOf({ a: [address('10.0.0.1')], b: [address('10.0.0.2')] });
    const other = fingerprintOf({
      b: [address('10.0.0.2')],
      lo: [address('127.0.0.1', { internal: true })],
      a: [address('10.0.0.1')],
    });
    expect(other).toBe(one);
  });

  it('stays when a temporary IPv6 address is exchanged for another of the same network', () => {
    const of = (...addresses: string[]) => fingerprintOf({ wlan0: addresses.map((one) => address(one)) });
    expect(of('2001:db8:1:2:aaaa::1')).toBe(of('2001:db8:1:2:bbbb::1', '2001:db8:1:2:aaaa::1'));
    expect(of('2001:db8:1:2:aaaa::1')).not.toBe(of('2001:db8:1:3:aaaa::1'));
  });
});
