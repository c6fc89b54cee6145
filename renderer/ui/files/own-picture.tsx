import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import { useWords } from '../../i18n/words.tsx';
import { Avatar } from '../avatar.tsx';
import { ConversationAvatar } from '../people/conversation-avatar.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';
import { PictureChooser } from './picture-chooser.tsx';
import { groupPictureOf } from './pictures.ts';

/** One's own picture, as everybody sees it who shares a conversation. */
export function OwnPicture({ account: { account, user, name } }: { account: AccountSummary }) {
  const store = useMatchbook();
  const { say } = useWords();
  const has = useKnown(({ pictures }) => pictures[account]?.has(user) === true);
  return (
    <PictureChooser
      title={say('avatar.own')}
      has={has}
      setting="picture"
      onSet={(bytes) => store.files.setAvatar(account, bytes)}
    >
      <Avatar id={user} name={name} account={account} />
    </PictureChooser>
  );
}

/** The picture of a group, for those who may change it. */
export function GroupPicture({ row, user }: { row: ConversationRow; user: string }) {
  const store = useMatchbook();
  const { say } = useWords();
  return (
    <PictureChooser
      title={say('avatar.group')}
      has={groupPictureOf(row) !== null}
      onSet={(bytes) => store.sending.setPicture(row, bytes)}
    >
      <ConversationAvatar row={row} user={user} />
    </PictureChooser>
  );
}
