/** What a person does at a notification: it goes the way of everything that they do in a window. */
import type { Act } from './notifier.ts';
import type { Showings } from './showings.ts';

export interface ActParts {
  showings: Pick<Showings, 'get' | 'forget' | 'withdraw'>;
  /** Brings a conversation before the person, ready to answer; with null the app alone. */
  open(account: string, conv: string | null): void;
  reply(account: string, conv: string, text: string): Promise<void>;
  markRead(account: string, conv: string, n: number): Promise<void>;
  log(line: string): void;
}

export function heed({ open, reply, markRead, log, showings }: ActParts, tag: string, act: Act): void {
  const showing = showings.get(tag);
  // That of the self-test, and one of an earlier run.
  if (!showing) {
    if (act.kind === 'open') open('', null);
    return;
  }
  const { account, upTo } = showing;
  const [conv, n] = upTo.size === 1 ? [...upTo][0]! : [showing.conv ?? null, 0];
  const failed = (error: unknown) => log(`notifications: ${act.kind}: ${error}`);
  switch (act.kind) {
    case 'dismissed':
      showings.forget(tag, 'dismissed');
      return;
    case 'open':
      showings.withdraw(tag, 'opened');
      open(account, conv);
      return;
    case 'mark-read':
      // It goes with the read position, as everywhere else.
      for (const [one, to] of upTo) markRead(account, one, to).catch(failed);
      return;
    case 'reply': {
      const text = act.text.trim();
      if (conv === null || text === '') return;
      reply(account, conv, text)
        .then(() => markRead(account, conv, n))
        .catch((error: unknown) => {
          failed(error);
          // What was typed must not vanish in silence: the conversation comes up, and says why.
          open(account, conv);
        });
    }
  }
}
