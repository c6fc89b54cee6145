/**
 * The server's keys: Ed25519 for access tokens, renewed every month, and the key from which refresh tokens are derived. One file, mode 0600. A key that was replaced stays published for
 * as long as tokens of it live.
 */
import { randomBytes, type webcrypto } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';

export interface AccessClaims {
  user: string;
  device: string;
  sid: string;
  /** May ask the servers about themselves. */
  admin: boolean;
}

/** Access tokens are for the relay and for this server. */
export const AUDIENCE = 'matchbook';
/** Age at which a signing key is replaced, and how long it is still published after that, ms. No token lives longer. */
export const KEY_LIFE = 30 * 86_400_000;
export const KEY_GRACE = 2 * 86_400_000;
/** How often its age is looked at. */
const LOOK = 60 * 60_000;

type SigningKey = JWK & { kid: string };
interface KeyFile {
  /** The newest first; the first one signs. */
  signing: { key: SigningKey; createdAt: number }[];
  refreshKey: string;
}
interface Loaded {
  kid: string;
  createdAt: number;
  open: JWK;
  private: webcrypto.CryptoKey;
  public: webcrypto.CryptoKey;
}

export class Keys {
  readonly #path: string;
  readonly #issuer: string;
  readonly #now: () => number;
  #file: KeyFile;
  #keys: Loaded[] = [];
  #timer: NodeJS.Timeout | null = null;

  private constructor(path: string, file: KeyFile, issuer: string, now: () => number) {
    this.#path = path;
    this.#file = file;
    this.#issuer = issuer;
    this.#now = now;
  }

  /** Reads the file in the folder, and makes it where there is none. */
  static async load(
    directory: string,
    issuer: string,
    now: () => number,
    /** A key could not be renewed: the present one goes on, and it is tried again in an hour. */
    onFailure: (error: unknown) => void = () => {},
  ): Promise<Keys> {
    const path = join(directory, 'keys.json');
    const file = existsSync(path)
      ? readFile(path, now())
      : { signing: [], refreshKey: randomBytes(32).toString('base64url') };
    const keys = new Keys(path, file, issuer, now);
    keys.#keys = await Promise.all(file.signing.map(loaded));
    await keys.renew();
    keys.#timer = setInterval(() => void keys.renew().catch(onFailure), LOOK);
    keys.#timer.unref();
    return keys;
  }

  get refreshKey(): Buffer {
    return Buffer.from(this.#file.refreshKey, 'base64url');
  }

  /** The published halves, as a JWK set. */
  get published(): { keys: JWK[] } {
    return { keys: this.#keys.map((one) => one.open) };
  }

  verifyKey(kid: string | undefined): webcrypto.CryptoKey | null {
    return this.#keys.find((one) => one.kid === kid)?.public ?? null;
  }

  /** Signs an access token that lives for `seconds`. */
  sign({ user, device, sid, admin }: AccessClaims, now: number, seconds: number): Promise<string> {
    const key = this.#keys[0]!;
    return new SignJWT({ did: device, sid, ...(admin ? { adm: true } : {}) })
      .setProtectedHeader({ alg: 'EdDSA', kid: key.kid })
      .setSubject(user)
      .setIssuer(this.#issuer)
      .setAudience(AUDIENCE)
      .setIssuedAt(Math.floor(now / 1_000))
      .setExpirationTime(Math.floor(now / 1_000) + seconds)
      .sign(key.private);
  }

  /** A new key where the present one is old enough; forgets those whose tokens are over. The relay asks for a key that it does not know. */
  async renew(): Promise<void> {
    const now = this.#now();
    const newest = this.#keys[0];
    if (newest && now - newest.createdAt < KEY_LIFE) return;
    const key = await generated();
    const kept = this.#file.signing.filter((_, i) => {
      const replacedAt = this.#file.signing[i - 1]?.createdAt ?? now;
      return now - replacedAt < KEY_GRACE;
    });
    const file = { ...this.#file, signing: [{ key, createdAt: now }, ...kept] };
    const keys = await Promise.all(file.signing.map(loaded));
    write(this.#path, file);
    this.#file = file;
    this.#keys = keys;
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
  }
}

function readFile(path: string, now: number): KeyFile {
  const { signing, refreshKey } = JSON.parse(readFileSync(path, 'utf8')) as {
    signing: KeyFile['signing'] | SigningKey;
    refreshKey: string;
  };
  // Before keys were renewed there was one.
  return { signing: Array.isArray(signing) ? signing : [{ key: signing, createdAt: now }], refreshKey };
}

async function loaded({ key, createdAt }: KeyFile['signing'][number]): Promise<Loaded> {
  const { d: _secret, ...open } = key;
  const published = { ...open, use: 'sig', alg: 'EdDSA' };
  return {
    kid: key.kid,
    createdAt,
    open: published,
    private: (await importJWK(key, 'EdDSA')) as webcrypto.CryptoKey,
    public: (await importJWK(published, 'EdDSA')) as webcrypto.CryptoKey,
  };
}

async function generated(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk) };
}

function write(path: string, file: KeyFile): void {
  const handle = openSync(`${path}.new`, 'w', 0o600);
  writeSync(handle, JSON.stringify(file));
  fsyncSync(handle);
  closeSync(handle);
  renameSync(`${path}.new`, path);
}
