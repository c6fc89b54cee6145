/** The servers that this profile runs itself, from the first account on them to the last. */
import type { EmbeddedView } from '@matchbook/protocol/bridge/embedded';
import { Line } from '@matchbook/protocol/in-turn';
import { removeFolder } from '../profile/remove-folder.ts';
import type { Secrets } from '../profile/secrets.ts';
import type { SettingsStore } from '../profile/settings.ts';
import { apiAddress, type EmbeddedName, type EmbeddedPlan, EmbeddedServers } from './embedded-servers.ts';
import { hostOf, Lan } from './lan.ts';
import { keptPlan } from './plan.ts';
import { freePort } from './ports.ts';
import { startUtilityServer } from './utility-server.ts';

export interface OwnServersParts {
  settings: SettingsStore;
  secrets: Secrets;
  /** Folder of the servers' data. */
  directory: string;
  /** The built process of each. */
  entry(server: EmbeddedName): string;
  changed(): void;
  /** What became of one of them, for the connection log. */
  heard(words: string): void;
  /** One of them answers again. */
  ready(): void;
  log(server: EmbeddedName, line: string): void;
  now(): number;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

export class OwnServers {
  readonly lan: Lan;
  readonly #parts: OwnServersParts;
  #servers: EmbeddedServers | null = null;
  readonly #line = new Line();
  /** What was last heard of each. */
  readonly #told = new Map<string, string>();

  constructor(parts: OwnServersParts) {
    this.#parts = parts;
    const { settings, directory, now } = parts;
    this.lan = new Lan({ settings, directory, now, freePort: (taken) => freePort(Math.random, taken) });
  }

  /** Null where this profile runs none. */
  get state(): EmbeddedView | null {
    if (!this.#servers) return null;
    const { relay, api, front } = this.#servers.state;
    return { relay, api, lan: { ...this.lan.view, front } };
  }

  /** Processes of the servers, and of what stands before them. */
  get pids(): (number | null | undefined)[] {
    const { relay, api, front } = this.#servers?.state ?? {};
    return [relay?.pid, api?.pid, front?.pid];
  }

  /** Where they run already, that is all. @param name of the server, where it is new */
  start(name: string | null): Promise<{ api: string; firstAccountSecret: string }> {
    return this.#line.do(async () => {
      const plan = await this.#plan(name);
      if (!this.#servers) await this.#begin(plan);
      return { api: apiAddress(plan), firstAccountSecret: plan.firstAccountSecret };
    });
  }

  /**
   * Lets people on other computers in, or no more. The servers begin anew, because they must know who stands before them; so they do where the key could not be read.
   * @param address that invitations name; null: one of this computer's @throws LocalError `bad_server`
   */
  letIn(on: boolean, address: string | null): Promise<void> {
    return this.#line.do(async () => {
      const wanted = hostOf(address);
      const { on: before, keyTrouble } = this.lan.view;
      const begun = this.#servers !== null && (before !== on || keyTrouble !== null);
      if (begun) await this.stop();
      await this.lan.choose(on, wanted);
      if (begun) await this.#begin(await this.#plan(null));
      this.#parts.changed();
    });
  }

  #plan(name: string | null): Promise<EmbeddedPlan> {
    const { settings, secrets } = this.#parts;
    return keptPlan({ settings, secrets, freePort: (taken) => freePort(Math.random, taken) }, name);
  }

  async #begin(plan: EmbeddedPlan): Promise<void> {
    const { directory, entry, log, changed, ...more } = this.#parts;
    // What keeps others out, a key that cannot be read or kept, keeps nobody from their own servers.
    const front = await this.lan.plan().catch((error: unknown) => {
      this.#parts.heard(`front: ${error instanceof Error ? error.message : error}`);
      return null;
    });
    this.#servers = new EmbeddedServers({
      ...{ plan, front, directory, log, ...more },
      changed: () => {
        this.#tell();
        changed();
      },
      inherited: process.env,
      startProcess: (server, env) => startUtilityServer(server, entry(server), env),
    });
    this.#servers.start();
  }

  #tell(): void {
    for (const [name, server] of Object.entries(this.#servers?.state ?? {})) {
      if (!server) continue;
      const { state, detail } = server;
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
    await removeFolder(directory);
    await settings.update((all) => {
      all.embedded = null;
    });
    await secrets.remove('servers');
  }
}
