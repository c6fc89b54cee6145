/** The embedded relay and API: the same builds that are deployed, bound to 127.0.0.1; before them, where others are let in, the front. Each is supervised by itself. */
import { join } from 'node:path';
import { APP_ORIGIN } from '@matchbook/protocol/bridge/app';
import type { EmbeddedServer } from '@matchbook/protocol/bridge/embedded';
import type { FrontPlan } from './lan.ts';
import { type ServerProcess, type SupervisedParts, SupervisedServer } from './supervised-server.ts';

export interface EmbeddedPlan {
  relayPort: number;
  apiPort: number;
  serverName: string;
  /** Shared by the two servers. */
  serviceSecret: string;
  /** What the first account of the server must show. */
  firstAccountSecret: string;
}

export type EmbeddedName = 'relay' | 'api' | 'front';

export interface EmbeddedParts extends Omit<SupervisedParts, 'name' | 'start' | 'log'> {
  plan: EmbeddedPlan;
  /** What people on other computers find; null where they find nothing. */
  front: FrontPlan | null;
  /** Folder of the servers' data. */
  directory: string;
  /** Environment that the processes inherit. */
  inherited: NodeJS.ProcessEnv;
  startProcess(name: EmbeddedName, env: Record<string, string>): ServerProcess;
  log(name: EmbeddedName, line: string): void;
}

export class EmbeddedServers {
  readonly relay: SupervisedServer;
  readonly api: SupervisedServer;
  readonly front: SupervisedServer | null;

  constructor(parts: EmbeddedParts) {
    const { now, setTimer, changed, ready } = parts;
    const supervise = (name: EmbeddedName, env: Record<string, string>) =>
      new SupervisedServer({
        name,
        start: () => parts.startProcess(name, { ...plain(parts.inherited), ...env }),
        log: (line) => parts.log(name, line),
        changed,
        ready,
        now,
        setTimer,
      });
    this.relay = supervise('relay', relayEnvironment(parts));
    this.api = supervise('api', apiEnvironment(parts));
    this.front = parts.front && supervise('front', frontEnvironment(parts.plan, parts.front));
  }

  get state(): { relay: EmbeddedServer; api: EmbeddedServer; front: EmbeddedServer | null } {
    return { relay: this.relay.state, api: this.api.state, front: this.front?.state ?? null };
  }

  start(): void {
    this.api.start();
    this.relay.start();
    this.front?.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.front?.stop(), this.relay.stop(), this.api.stop()]);
  }
}

export const apiAddress = ({ apiPort }: { apiPort: number }) => `http://127.0.0.1:${apiPort}`;
const relayAddress = ({ relayPort }: { relayPort: number }) => `127.0.0.1:${relayPort}`;

function frontEnvironment(plan: EmbeddedPlan, { port, key, certificate }: FrontPlan): Record<string, string> {
  return {
    FRONT_PORT: String(port),
    FRONT_KEY: key,
    FRONT_CERTIFICATE: certificate,
    FRONT_RELAY: `http://${relayAddress(plan)}`,
    FRONT_API: apiAddress(plan),
  };
}

/** Where the front stands before them, it says who asks: limits by address are for each of them. */
const behind = (front: FrontPlan | null) => (front ? '127.0.0.1' : '');

function relayEnvironment({ plan, front, directory }: EmbeddedParts): Record<string, string> {
  return {
    RELAY_HOST: '127.0.0.1',
    RELAY_PORT: String(plan.relayPort),
    RELAY_DATA_DIR: join(directory, 'relay'),
    RELAY_API_URL: apiAddress(plan),
    RELAY_SERVICE_SECRET: plan.serviceSecret,
    RELAY_ORIGINS: APP_ORIGIN,
    RELAY_TRUST_PROXY: behind(front),
    // Nobody has ever had an old client of these servers, and few come back at once.
    RELAY_LEGACY: 'off',
    RELAY_DRAIN_SPREAD_MS: '500',
  };
}

function apiEnvironment({ plan, front, directory }: EmbeddedParts): Record<string, string> {
  return {
    API_HOST: '127.0.0.1',
    API_PORT: String(plan.apiPort),
    API_DATA_DIR: join(directory, 'api'),
    API_RELAY_URL: `http://${relayAddress(plan)}`,
    API_RELAY_PUBLIC_URL: `ws://${relayAddress(plan)}/ws`,
    API_SERVICE_SECRET: plan.serviceSecret,
    API_FIRST_ACCOUNT_SECRET: plan.firstAccountSecret,
    API_SERVER_NAME: plan.serverName,
    API_REGISTRATION: 'invitation',
    API_LINK_PREVIEWS: 'off',
    API_ORIGINS: APP_ORIGIN,
    API_TRUST_PROXY: behind(front),
  };
}

/** Settings of a deployed server that happen to be in the environment are not for the embedded ones. */
function plain(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !/^(RELAY|API)_/.test(entry[0]),
    ),
  );
}
