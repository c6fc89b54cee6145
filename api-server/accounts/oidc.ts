/**
 * Sign-in at another service: OpenID Connect, authorization code with PKCE (RFC 7636), for native apps (RFC 8252). This server is the client; the app opens the person's browser and brings
 * back the address that it ended at.
 */
import { randomBytes } from 'node:crypto';
import type { OidcFinish, OidcStart, OidcStarted, Tokens } from '@matchbook/protocol/http/accounts';
import { asName, nameFault } from '@matchbook/protocol/text';
import * as client from 'openid-client';
import type { Logger } from 'pino';
import { problem } from '../problems.ts';
import type { DeviceInfo } from './sessions.ts';

export interface OidcConfig {
  issuer: string;
  name: string;
  clientId: string;
  clientSecret: string | null;
}

export interface ExternalPerson {
  issuer: string;
  subject: string;
  name: string;
}

/** A person has so long to sign in there, ms. What was begun is in memory: after a restart it is begun anew. */
const FLOW_LIFE = 10 * 60_000;
const FLOWS = 1_000;
/** What the provider says of itself is asked for again after this, ms; a failure is not remembered. */
const DISCOVERY_LIFE = 60 * 60_000;
/** For one request to the provider, s. */
const TIMEOUT = 5;
const NAME_LENGTH = 80;

interface Flow {
  state: string;
  nonce: string;
  verifier: string;
  redirect: string;
  until: number;
}

export class Oidc {
  readonly #config: OidcConfig;
  readonly #signIn: (person: ExternalPerson, device: DeviceInfo) => Promise<Tokens>;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #flows = new Map<string, Flow>();
  #discovered: { configuration: Promise<client.Configuration>; until: number } | null = null;

  constructor(parts: {
    config: OidcConfig;
    signIn: (person: ExternalPerson, device: DeviceInfo) => Promise<Tokens>;
    log: Logger;
    now: () => number;
  }) {
    this.#config = parts.config;
    this.#signIn = parts.signIn;
    this.#log = parts.log;
    this.#now = parts.now;
  }

  get name(): string {
    return this.#config.name;
  }

  async start({ redirect }: OidcStart): Promise<OidcStarted> {
    const configuration = await this.#provider();
    const verifier = client.randomPKCECodeVerifier();
    const flow = randomBytes(32).toString('base64url');
    const begun: Flow = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier,
      redirect,
      until: this.#now() + FLOW_LIFE,
    };
    this.#flows.set(flow, begun);
    const oldest = this.#flows.size > FLOWS ? this.#flows.keys().next().value : undefined;
    if (oldest !== undefined) this.#flows.delete(oldest);
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirect,
      scope: 'openid profile email',
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, flow };
  }

  /** @throws FailureError `wrong_secret` for whatever is not the answer to what was begun; `storage_unavailable` while the provider is away */
  async finish({ flow, url, device }: OidcFinish): Promise<Tokens> {
    const begun = this.#flows.get(flow);
    // Used up by the first try, whatever becomes of it.
    this.#flows.delete(flow);
    if (!begun || begun.until <= this.#now())
      throw refused('This sign-in took too long, or was used before.');
    if (!URL.canParse(url) || !isSamePlace(url, begun.redirect)) throw refused('This is not where it began.');
    const configuration = await this.#provider();
    const claims = await this.#claims(configuration, new URL(url), begun);
    const name = [claims.name, claims.preferred_username, claims.email]
      .map((one) => (typeof one === 'string' ? asName(one) : ''))
      .find((one) => nameFault(one) === null);
    const person = {
      issuer: claims.iss,
      subject: claims.sub,
      name: [...(name ?? 'New person')].slice(0, NAME_LENGTH).join(''),
    };
    return this.#signIn(person, device);
  }

  async #claims(configuration: client.Configuration, url: URL, begun: Flow): Promise<client.IDToken> {
    try {
      const tokens = await client.authorizationCodeGrant(configuration, url, {
        pkceCodeVerifier: begun.verifier,
        expectedState: begun.state,
        expectedNonce: begun.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw refused('The provider did not say who it is.');
      return claims;
    } catch (error) {
      if (isAway(error)) throw away();
      this.#log.info({ err: error }, 'a sign-in at the provider was refused');
      throw refused('The provider did not confirm this sign-in.');
    }
  }

  async #provider(): Promise<client.Configuration> {
    const now = this.#now();
    if (!this.#discovered || this.#discovered.until <= now) {
      const { issuer, clientId, clientSecret } = this.#config;
      const url = new URL(issuer);
      const plain = url.protocol === 'http:' ? [client.allowInsecureRequests] : [];
      const configuration = client.discovery(
        url,
        clientId,
        undefined,
        clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret),
        // The signature of who it is, too: TLS alone would do (OpenID Connect Core 3.1.3.7), and a proxy may end it on the way.
        { execute: [...plain, client.enableNonRepudiationChecks], timeout: TIMEOUT },
      );
      const discovered = { configuration, until: now + DISCOVERY_LIFE };
      this.#discovered = discovered;
      configuration.catch(() => {
        if (this.#discovered === discovered) this.#discovered = null;
      });
    }
    try {
      return await this.#discovered.configuration;
    } catch (error) {
      this.#log.warn({ err: error }, 'the sign-in provider cannot be asked');
      throw away();
    }
  }
}

/** The provider adds a query and nothing else. */
function isSamePlace(url: string, redirect: string): boolean {
  const [there, begun] = [new URL(url), new URL(redirect)];
  return there.protocol === begun.protocol && there.host === begun.host && there.pathname === begun.pathname;
}

function isAway(error: unknown): boolean {
  const { code, cause, name } = error as {
    code?: string;
    cause?: { status?: number; code?: string };
    name?: string;
  };
  return (
    code === 'OAUTH_TIMEOUT' ||
    name === 'TypeError' ||
    (cause?.status ?? 0) >= 500 ||
    cause?.code === 'ECONNREFUSED'
  );
}

const away = () =>
  problem('storage_unavailable', 'The service where you sign in cannot be reached now.', { retryAfter: 5 });
const refused = (message: string) => problem('wrong_secret', message);
