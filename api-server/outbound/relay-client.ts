/** POST /internal/append of the relay. */
import { FAILURES, isFailureKind } from '@matchbook/protocol/failures';
import { InternalAppendResult } from '@matchbook/protocol/http/appending';
import { Check } from 'typebox/value';

export type AppendVerdict = { outcome: 'done' } | { outcome: 'refused' | 'retry'; reason: string };

const TIMEOUT = 10_000;
/** For a look at its metrics: a stop waits for it, ms. */
const LOOK_TIMEOUT = 2_000;
/** The relay understood whose fault it is: the same request will never be taken. 401 and 403 are about the service secret, which may be set right. */
const REFUSED = new Set([400, 413, 422]);

export class RefusedRequest extends Error {}

export class RelayClient {
  #base: string;
  #url: string;
  #secret: string;

  constructor(base: string, secret: string) {
    this.#base = base;
    this.#url = `${base}/internal/append`;
    this.#secret = secret;
  }

  /**
   * One verdict an item, in order.
   *
   * @param items InternalItem as JSON
   * @throws RefusedRequest where the relay cannot take these items together, or this one at all
   * @throws Error where the whole request failed
   */
  async append(items: readonly string[], stop?: AbortSignal): Promise<AppendVerdict[]> {
    const limit = AbortSignal.timeout(TIMEOUT);
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#secret}`, 'content-type': 'application/json' },
      body: `{"items":[${items.join(',')}]}`,
      signal: stop ? AbortSignal.any([limit, stop]) : limit,
    });
    const detail = REFUSED.has(response.status) ? await detailOf(response) : null;
    if (detail !== null) throw new RefusedRequest(`the relay answered ${response.status}: ${detail}`);
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

  /** Whether this server has all that the relay's log has; false also where the relay cannot be asked. */
  async isAllSaved(): Promise<boolean> {
    try {
      const response = await fetch(`${this.#base}/metrics`, {
        headers: { authorization: `Bearer ${this.#secret}` },
        signal: AbortSignal.timeout(LOOK_TIMEOUT),
      });
      return BACKLOG.exec(await response.text())?.[1] === '0';
    } catch {
      return false;
    }
  }
}

/** Of the relay's metrics: rows of its log that were not saved yet. */
const BACKLOG = /^matchbook_relay_persister_backlog_rows (\d+)$/m;

/** What the relay says is wrong; null where it is not the relay that says it. */
async function detailOf(response: Response): Promise<string | null> {
  const said = (await response.json().catch(() => null)) as { kind?: unknown; detail?: unknown } | null;
  return typeof said?.kind === 'string' && isFailureKind(said.kind) ? String(said.detail) : null;
}
