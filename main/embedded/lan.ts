/**
 * Letting people on other computers in: off until the person says so. What the network then sees is the front alone; its port and key are made once and
 * kept, because invitations name both.
 */
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import type { LanView } from '@matchbook/protocol/bridge/embedded';
import type { Pin, ServerAddress } from '@matchbook/protocol/server-pin';
import { LocalError } from '../bridge/local-failure.ts';
import { writeDurably } from '../profile/durable-file.ts';
import type { SettingsStore } from '../profile/settings.ts';
import { makeCertificate, type ServerCertificate } from '../trust/certificate.ts';
import { pinOf, wordsOf } from '../trust/pin.ts';

export interface LanParts {
  settings: SettingsStore;
  /** Folder of the servers' data: the key lies there, as those of the servers do, and goes with them. */
  directory: string;
  freePort(taken: readonly number[]): Promise<number>;
  interfaces?(): NodeJS.Dict<NetworkInterfaceInfo[]>;
  now(): number;
}

export interface FrontPlan extends ServerCertificate {
  port: number;
}

export class Lan {
  readonly #parts: LanParts;
  #certificate: ServerCertificate | null = null;
  #pin: Pin | null = null;
  #words: string | null = null;
  #keyTrouble: LanView['keyTrouble'] = null;

  constructor(parts: LanParts) {
    this.#parts = parts;
  }

  get pin(): Pin | null {
    return this.#pin;
  }

  get view(): Omit<LanView, 'front'> {
    const { on = false, port = null, address: chosen = null } = this.#kept ?? {};
    const addresses = this.#addresses();
    const address = chosen ?? addresses[0] ?? null;
    const keyTrouble = on ? this.#keyTrouble : null;
    return { on, port, chosen, addresses, address, words: this.#words, keyTrouble };
  }

  /** What the front is started with; null where nobody is let in. @throws Error where the key cannot be read or kept */
  async plan(): Promise<FrontPlan | null> {
    const kept = this.#kept;
    if (!kept?.on) return null;
    try {
      const certificate = this.#certificate ?? (await this.#keptCertificate());
      this.#pin = pinOf(new X509Certificate(certificate.certificate));
      this.#words = await wordsOf(this.#pin);
      this.#certificate = certificate;
      this.#keyTrouble = null;
      return { ...certificate, port: kept.port };
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#keyTrouble = { path: this.#path, detail };
      throw error;
    }
  }

  /** Keeps what the person wants. @param address from `hostOf` */
  async choose(on: boolean, address: string | null): Promise<void> {
    const { settings, freePort } = this.#parts;
    const { relayPort, apiPort, lan } = settings.data.embedded!;
    const port = lan?.port ?? (await freePort([relayPort, apiPort]));
    await settings.update((all) => {
      all.embedded!.lan = { on, port, ...(address === null ? {} : { address }) };
    });
  }

  /** How people on other computers reach the servers; null where they do not. */
  reachedAt(): ServerAddress | null {
    const { on, address, port } = this.view;
    if (!on || address === null || port === null || this.#pin === null) return null;
    // What was written with a port of its own leads through somebody's router.
    return { api: `https://${/:\d+$/.test(address) ? address : `${address}:${port}`}`, pin: this.#pin };
  }

  get #kept() {
    return this.#parts.settings.data.embedded?.lan;
  }

  get #path(): string {
    return join(this.#parts.directory, 'front.json');
  }

  #addresses(): string[] {
    return addressesOf((this.#parts.interfaces ?? networkInterfaces)());
  }

  async #keptCertificate(): Promise<ServerCertificate> {
    const path = this.#path;
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text !== null) return JSON.parse(text) as ServerCertificate;
    const made = await makeCertificate(this.#parts.now());
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeDurably(path, JSON.stringify(made));
    return made;
  }
}

/** Those that others may know: private networks first, then the rest, IPv4 before IPv6. Links of one cable alone (fe80::) need a name of the interface, which no address has. */
export function addressesOf(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string[] {
  const all = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address));
  const rank = ({ family, address }: NetworkInterfaceInfo) =>
    family === 'IPv6' ? 2 : /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address) ? 0 : 1;
  return all
    .sort((a, b) => rank(a) - rank(b))
    .map(({ family, address }) => (family === 'IPv6' ? `[${address}]` : address));
}

/** A name or an address as a person writes it, with a port where it is another one. @throws LocalError `bad_server` */
export function hostOf(text: string | null): string | null {
  if (text === null) return null;
  const typed = text.trim();
  // A bare address of IPv6 has more colons than a port needs.
  const host = /^[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*$/i.test(typed) ? `[${typed}]` : typed;
  if (!/^[A-Za-z0-9.:[\]-]{1,253}$/.test(host) || !URL.canParse(`https://${host}`))
    throw new LocalError(
      'bad_server',
      'address: a name or an address, such as home.example.org or 192.168.1.20, with :port if it is another one.',
      {
        field: 'address',
      },
    );
  const { hostname } = new URL(`https://${host}`);
  // A URL forgets the port of its scheme, and here it is another one than ours.
  return hostname + (/:\d+$/.exec(host)?.[0] ?? '');
}
