/** `npm run demo`: the first-run flows by flags, so that two people are talking before anybody has clicked. */
import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { directConversationId } from '@matchbook/protocol/ids';
import type { AccountList } from './accounts/account-list.ts';
import type { Registrations } from './accounts/registrations.ts';
import type { Flags } from './flags.ts';
import type { LocalStore } from './local-store/local-store.ts';

const TRIES = 60;
const PAUSE = 500;

export interface DemoParts {
  flags: Flags;
  accounts: AccountList;
  registrations: Registrations;
  store: LocalStore;
  newId(): string;
  print(line: string): void;
  /** Shows a conversation in the window. */
  show(account: string, conv: string): void;
}

export async function runDemo(parts: DemoParts): Promise<void> {
  const { flags, accounts, registrations, print } = parts;
  const name = flags.demoName;
  let made: AccountSummary | null = null;
  if (name !== null && accounts.ready().length === 0)
    made =
      flags.join === null
        ? await registrations.start({ name })
        : await registrations.join({ invitation: flags.join, name });
  const [account] = accounts.ready();
  if (flags.printInvitation && account)
    print(
      `invitation: ${await eventually(async () => (await registrations.invitation(account.account)).link)}`,
    );
  if (made && flags.demoTalk) await (flags.join === null ? answer(parts, made) : hello(parts, made));
}

async function hello({ store, newId }: DemoParts, { account, user, name }: AccountSummary): Promise<void> {
  const rows = await store.listConversations(account);
  const other = rows.find((row) => !row.self)?.members.find((one) => one.user !== user);
  if (!other) return;
  const text = `Hello ${other.name ?? ''}, this is ${name}. What I write arrives, even when the servers are away for a while.`;
  const conv = directConversationId(user, other.user);
  await store.submit({ account, conv, id: newId(), text, draftVersion: 0 });
}

async function answer(parts: DemoParts, { account, user }: AccountSummary): Promise<void> {
  const { store, newId, show } = parts;
  const row = await eventually(async () => {
    const said = (await store.listConversations(account)).find((one) => one.preview && !one.preview.own);
    if (!said) throw new Error('nobody has said anything yet');
    return said;
  });
  show(account, row.conv);
  const other = row.members.find((one) => one.user !== user)?.name ?? '';
  const text = `Hello ${other}! It came at once. Try it: end the servers under us, write, and look how it goes on.`;
  await store.submit({ account, conv: row.conv, id: newId(), text, draftVersion: 0 });
}

/** Servers that are on their way up, or a person who has not come yet. */
async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  for (let i = 0; ; i++) {
    try {
      return await ask();
    } catch (error) {
      if (i >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
