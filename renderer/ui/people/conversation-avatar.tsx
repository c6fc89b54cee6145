import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { useWords } from '../../i18n/words.tsx';
import { Avatar } from '../avatar.tsx';
import { groupPictureOf } from '../files/pictures.ts';
import { groupName, otherName } from '../people.ts';

/** The picture of a conversation: of the group, or of the other one. */
export function ConversationAvatar({ row, user }: { row: ConversationRow; user: string }) {
  const { say } = useWords();
  const name = otherName(row, user, say);
  if (row.form === 'group')
    return (
      <Avatar
        id={row.conv}
        name={name}
        group={groupName(row) === null}
        account={row.account}
        picture={groupPictureOf(row)}
      />
    );
  const other = row.members.find((member) => member.user !== user)?.user ?? row.conv;
  return <Avatar id={other} name={name} account={row.account} self={row.self} />;
}
