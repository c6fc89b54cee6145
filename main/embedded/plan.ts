/** What the embedded servers are started with: made at the first start, kept from then on, because invitations name the ports. */
import { randomBytes } from 'node:crypto';
import { type Secrets, UnreadableSecret } from '../profile/secrets.ts';
import type { SettingsStore } from '../profile/settings.ts';
import type { EmbeddedPlan } from './embedded-servers.ts';

const NAME_LIMIT = 80;
/** Where nobody's name was known, and in settings of before the name was kept. */
const NAMELESS = 'Matchbook';
/** Name of the file among the secrets. */
const SERVERS = 'servers';

interface ServerSecrets {
  service: string;
  firstAccount: string;
}

export interface PlanParts {
  settings: SettingsStore;
  secrets: Secrets;
  freePort(taken: readonly number[]): Promise<number>;
}

/** @param name of the servers where they are new, as the person would call them; null where they were started before */
export async function keptPlan(
  { settings, secrets, freePort }: PlanParts,
  name: string | null,
): Promise<EmbeddedPlan> {
  if (settings.data.embedded === null) {
    const relayPort = await freePort([]);
    const apiPort = await freePort([relayPort]);
    const serverName = name === null ? NAMELESS : [...name].slice(0, NAME_LIMIT).join('').trim();
    await settings.update((all) => {
      all.embedded = { relayPort, apiPort, serverName };
    });
  }
  const { service, firstAccount } = (await kept(secrets)) ?? (await make(secrets));
  const { relayPort, apiPort, serverName = NAMELESS } = settings.data.embedded!;
  return { relayPort, apiPort, serverName, serviceSecret: service, firstAccountSecret: firstAccount };
}

/** The two servers learn their secret at each start and keep it nowhere, so that a lost one is made anew and nobody notices. */
async function kept(secrets: Secrets): Promise<ServerSecrets | null> {
  try {
    return await secrets.read<ServerSecrets>(SERVERS);
  } catch (error) {
    if (!(error instanceof UnreadableSecret)) throw error;
    await secrets.setAside(SERVERS);
    return null;
  }
}

async function make(secrets: Secrets): Promise<ServerSecrets> {
  const made: ServerSecrets = {
    service: randomBytes(32).toString('base64url'),
    firstAccount: randomBytes(32).toString('base64url'),
  };
  await secrets.write(SERVERS, made);
  return made;
}
