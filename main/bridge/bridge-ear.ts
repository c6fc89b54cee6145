/** Where calls of pages come in, before anything is known of what they ask. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';

/** Who calls, as far as Electron knows. */
export interface Caller {
  /** Id of the page. */
  sender: number;
  /** The top frame of the page, and not one inside of it. */
  isMainFrame: boolean;
  origin: string;
}

export interface Ear {
  handle(channel: string, listener: (caller: Caller, payload: unknown) => Promise<unknown>): void;
}

export const refused = (message: string): Outcome<never> => ({
  ok: false,
  failure: { kind: 'bad_call', message },
});
