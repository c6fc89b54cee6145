/** POST /internal/append of the relay. */
import { FAILURES, isFailureKind } from '@matchbook/protocol/failures';
import { InternalAppendResult, type InternalItem } from '@matchbook/protocol/http/appending';
import { Check } from 'typebox/value';

export type AppendVerdict = { outcome: 'done' } | { outcome: 'refused' | 'retry'; reason: string };

const TIMEOUT = 10_000;

export class RelayClient {
  #url: string;
  #secret: string;

  constructor(base: string, secret: string) {
    this.#url = `${base}/internal/append`;
    this.#secret = secret;
  }

  /** One verdict an item, in order. @throws Error where the whole request failed */
  async append(items: InternalItem[]): Promise<AppendVerdict[]> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ items }),
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (!response.ok) throw new Error(`the relay answered ${response.status}`);
    const result: unknown = await response.json();
    if (!Check(InternalAppendResult, result) || result.items.length !== items.length)
      throw new Error('the relay gave an answer of another shape');
    return result.items.map((item) => {
      if (item.ok) return { outcome: 'done' };
      const final = isFailureKind(item.kind) && FAILURES[item.kind].action === 'give-up';
      return { outcome: final ? 'refused' : 'retry', reason: `${item.kind}: ${item.message}` };
    });
  }
}
