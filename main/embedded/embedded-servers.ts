/** The embedded relay and API: the same builds that are deployed, bound to 127.0.0.1, each supervised by itself. */
import { join } from 'node:path';
import { APP_ORIGIN } from '@matchbook/protocol/bridge/app';
import type { AppState } from '@matchbook/protocol/bridge/views';
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

export interface EmbeddedParts extends Omit<SupervisedParts, 'name' | 'start' | 'log'> {
  plan: EmbeddedPlan;
  /** Folder of the servers' data. */
  directory: string;
  /** Environment that the processes inherit. */
  inherited: NodeJS.ProcessEnv;
  startProcess(name: 'relay' | 'api', env: Record<string, string>): ServerProcess;
  log(name: 'relay' | 'api', line: string): void;
}

export class EmbeddedServers {
  readonly relay: SupervisedServer;
  readonly api: SupervisedServer;

  constructor(parts: EmbeddedParts) {
    const { now, setTimer, changed, ready } = parts;
    const supervise = (name: 'relay' | 'api', env: Record<string, string>) =>
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
  }

  get state(): NonNullable<AppState['embedded']> {
    return { relay: this.relay.state, api: this.api.state };
  }

  start(): void {
    this.api.start();
    this.relay.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.relay.stop(), this.api.stop()]);
  }
}

export const apiAddress = ({ apiPort }: { apiPort: number }) => `http://127.0.0.1:${apiPort}`;
const relayAddress = ({ relayPort }: { relayPort: number }) => `127.0.0.1:${relayPort}`;

function relayEnvironment({ plan, directory }: EmbeddedParts): Record<string, string> {
  return {
    RELAY_HOST: '127.0.0.1',
    RELAY_PORT: String(plan.relayPort),
    RELAY_DATA_DIR: join(directory, 'relay'),
    RELAY_API_URL: apiAddress(plan),
    RELAY_SERVICE_SECRET: plan.serviceSecret,
    RELAY_ORIGINS: APP_ORIGIN,
    // Nobody has ever had an old client of these servers, and few come back at once.
    RELAY_LEGACY: 'off',
    RELAY_DRAIN_SPREAD_MS: '500',
  };
}

function apiEnvironment({ plan, directory }: EmbeddedParts): Record<string, string> {
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
