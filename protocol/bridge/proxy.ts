/** Calls about a proxy of the network that lets nothing through without a user name and a password. */
import Type from 'typebox';
import { call, strict } from './calls.ts';

/** What the person is asked. */
export interface ProxyQuestion {
  /** Host and port of the proxy. */
  place: string;
  /** What it calls itself; may be empty. */
  realm: string;
  /** How often it was asked, this time included. */
  asked: number;
  /** What was answered before was not right. */
  wrong: boolean;
  /** The answer is kept by the system's keyring; else until the app ends. */
  kept: boolean;
}

export const PROXY_CALLS = {
  'proxy.signIn': call<null>()(
    Type.Object(
      {
        user: Type.String({ minLength: 1, maxLength: 256 }),
        password: Type.String({ maxLength: 256 }),
      },
      strict,
    ),
  ),
  /** It is not asked again until the person wants a connection, or the network is another one. */
  'proxy.cancel': call<null>()(Type.Object({}, strict)),
} as const;
