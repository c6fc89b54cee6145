/** What a web page says about itself, asked of the account's own server: the page learns that server's address, not this one's. */
import { LinkPreview } from '@matchbook/protocol/http/files';
import type { PagePreview } from '@matchbook/protocol/message-body';
import type { ServerRequests } from '../accounts/server-requests.ts';
import { asFailure } from '../bridge/local-failure.ts';

/** Answers that are remembered, so that typing on asks for no address twice. */
const REMEMBERED = 100;

export class Previews {
  readonly #requests: Pick<ServerRequests, 'send'>;
  readonly #known = new Map<string, PagePreview | null>();

  constructor(requests: Pick<ServerRequests, 'send'>) {
    this.#requests = requests;
  }

  /** Null where the page says nothing, or there is none. @throws LocalError where the server cannot be asked */
  async of(account: string, url: string): Promise<PagePreview | null> {
    const name = `${account} ${url}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const preview = await this.#ask(account, url);
    this.#known.set(name, preview);
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
    return preview;
  }

  async #ask(account: string, url: string): Promise<PagePreview | null> {
    try {
      const answer = await this.#requests.send(account, 'POST', '/api/previews', { url }, LinkPreview);
      const { title, description, siteName } = answer;
      if (title === null && description === null) return null;
      return {
        url,
        ...(title === null ? {} : { title: cut(title, 300) }),
        ...(description === null ? {} : { description: cut(description, 600) }),
        ...(siteName === null ? {} : { siteName: cut(siteName, 100) }),
      };
    } catch (error) {
      if (['not_found', 'invalid_field'].includes(asFailure(error).kind)) return null;
      throw error;
    }
  }
}

const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${[...text.slice(0, length - 2)].slice(0, -1).join('')}…`;
