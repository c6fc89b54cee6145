/** `npm run demo`: the first-run flows by flags, so that two people are talking before anybody has clicked. */
import { directConversationId } from '@matchbook/protocol/ids';
import type { Accounts } from './accounts.ts';
import type { Flags } from './flags.ts';
import type { LocalStore } from './local-store/local-store.ts';

const TRIES = 60;
const PAUSE = 500;

export interface DemoParts {
  flags: Flags;
  accounts: Accounts;
  store: LocalStore;
  newId(): string;
  print(line: string): void;
}

export async function runDemo({ flags, accounts, store, newId, print }: DemoParts): Promise<void> {
  const name = flags.demoName;
  if (name !== null && accounts.ready().length === 0) {
    if (flags.join === null) await accounts.start({ name });
    else {
      const { account, user } = await accounts.join({ invitation: flags.join, name });
      if (flags.demoHello) {
        const inviter = (await store.listConversations(account))
          .find((row) => !row.self)
          ?.members.find((one) => one.user !== user);
        if (inviter) {
          const conv = directConversationId(user, inviter.user);
          const text = `Hello ${inviter.name ?? ''}, this is ${name}. Everything I write arrives, even when the servers are away.`;
          await store.submit({ account, conv, id: newId(), text, draftVersion: 0 });
        }
      }
    }
  }
  const [account] = accounts.ready();
  if (flags.printInvitation && account)
    print(`invitation: ${await eventually(() => accounts.invitation(account.account))}`);
}

/** The servers of a profile that was started before are still on their way up. */
async function eventually(ask: () => Promise<{ link: string }>): Promise<string> {
  for (let i = 0; ; i++) {
    try {
      return (await ask()).link;
    } catch (error) {
      if (i >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
