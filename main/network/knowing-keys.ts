/** What is said of certificates where a server is known by its key. */
import type { Fetch } from './reach.ts';

export interface ServerKeys {
  /** What a fault of a certificate means: another key; worth asking once more; or null for what it says. */
  passedOver(url: string, fault: string): 'other_key' | 'again' | null;
}

/** Requests whose failures say what the pins know of the server's key. They fail as Chromium's own do. */
export function knowingKeys(ask: Fetch, keys: ServerKeys): Fetch {
  return async (url, options) => {
    try {
      return await ask(url, options);
    } catch (error) {
      const meant = keys.passedOver(url, error instanceof Error ? error.message : '');
      if (meant === 'other_key')
        throw new TypeError('net::ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN', { cause: error });
      // Nothing of it was sent. What is read piece by piece may have been begun.
      const whole = options.body === undefined || options.body === null || typeof options.body === 'string';
      if (meant === 'again' && whole) return ask(url, options);
      throw error;
    }
  };
}
