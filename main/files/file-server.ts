/** The file side of an account's API server, through the app's network stack. */
import type { ServerRequests } from '../accounts/server-requests.ts';
import { Pace } from './pace.ts';

export class FileServer {
  readonly #requests: Pick<ServerRequests, 'open'>;
  readonly #paces = new Map<string, Pace>();

  constructor(requests: Pick<ServerRequests, 'open'>) {
    this.#requests = requests;
  }

  /** Of the way to an account's server, for as long as the app runs. */
  pace(account: string): Pace {
    const pace = this.#paces.get(account) ?? new Pace();
    this.#paces.set(account, pace);
    return pace;
  }

  /** @throws LocalError where there is no answer, or no success */
  ask(account: string, path: string, options: RequestInit): Promise<Response> {
    return this.#requests.open(account, path, options);
  }
}
