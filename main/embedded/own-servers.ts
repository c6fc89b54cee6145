/** The servers that this profile runs itself, from the first account on them to the last. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppState } from '@matchbook/protocol/bridge/views';
import type { Secrets } from '../secrets.ts';
import type { SettingsStore } from '../settings.ts';
import { apiAddress, EmbeddedServers } from './embedded-servers.ts';
import { keptPlan } from './plan.ts';
import { freePort } from './ports.ts';
import { startUtilityServer } from './utility-server.ts';

export interface OwnServersParts {
  settings: SettingsStore;
  secrets: Secrets;
  /** Folder of the servers' data. */
  directory: string;
  /** Folder of the built servers. */
  builds: string;
  changed(): void;
  /** What became of one of them, for the connection log. */
  heard(words: string): void;
  /** One of them answers again. */
  ready(): void;
  log(server: 'relay' | 'api', line: string): void;
  now(): number;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

export class OwnServers {
  readonly #parts: OwnServersParts;
  #servers: EmbeddedServers | null = null;
  /** What was last heard of each. */
  readonly #told = new Map<string, string>();

  constructor(parts: OwnServersParts) {
    this.#parts = parts;
  }

  /** Null where this profile runs none. */
  get state(): AppState['embedded'] {
    return this.#servers?.state ?? null;
  }

  /** Where they run already, that is all. @param name of the server, where it is new */
  async start(name: string | null): Promise<{ api: string; firstAccountSecret: string }> {
    const { settings, secrets, directory, builds, log, ...more } = this.#parts;
    const plan = await keptPlan(
      { settings, secrets, freePort: (taken) => freePort(Math.random, taken) },
      name,
    );
    if (!this.#servers) {
      this.#servers = new EmbeddedServers({
        ...{ plan, directory, log, ...more },
        changed: () => {
          this.#tell();
          more.changed();
        },
        inherited: process.env,
        startProcess: (server, env) => startUtilityServer(server, join(builds, server, 'index.js'), env),
      });
      this.#servers.start();
    }
    return { api: apiAddress(plan), firstAccountSecret: plan.firstAccountSecret };
  }

  #tell(): void {
    for (const [name, { state, detail }] of Object.entries(this.#servers?.state ?? {})) {
      const words = `${name} ${state}${detail !== null && state !== 'running' ? `: ${detail}` : ''}`;
      if (this.#told.get(name) === words) continue;
      this.#told.set(name, words);
      this.#parts.heard(words);
    }
  }

  async stop(): Promise<void> {
    await this.#servers?.stop();
  }

  /** Nobody lives on them any more: what they kept goes too. */
  async end(): Promise<void> {
    const { settings, secrets, directory } = this.#parts;
    await this.stop();
    this.#servers = null;
    await rm(directory, { recursive: true, force: true });
    await settings.update((all) => {
      all.embedded = null;
    });
    await secrets.remove('servers');
  }
}
