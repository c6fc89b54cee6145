import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { shownText } from '@matchbook/protocol/shown-text';
import { isVisible } from '@matchbook/protocol/text';
import type { ReactNode } from 'react';
import type { WordId } from '../../i18n/english.ts';
import { useWords } from '../../i18n/words.tsx';

/** What happened to the conversation, in a sentence. `you` where it is about the reader: sentences differ in more than a name. */
export function SystemLine(props: {
  row: TimelineRow;
  self: boolean;
  group: boolean;
  /** Id of the reader. */
  user: string;
  nameOf: (user: string) => string;
}): ReactNode {
  const { row, self, group, user, nameOf } = props;
  const { say, list } = useWords();
  const { says = {} } = row;
  const by = row.own ? 'own' : 'other';
  const actor = nameOf(row.sender);
  const tell = (id: WordId, values: Record<string, string | number> = {}) => (
    <p className="system" data-testid="system-line" data-kind={row.kind}>
      {say(id, { actor, ...values })}
    </p>
  );
  switch (row.kind) {
    case 'create':
      if (self) return tell('timeline.createdSelf');
      // It comes with the first word, and with an invitation that somebody follows: who caused it is no matter.
      if (!group) return tell('timeline.begins');
      return row.own ? tell('timeline.createdGroupOwn') : tell('timeline.createdGroup', { name: actor });
    case 'rename': {
      const name = (row.body && shownText(row.body)) ?? '';
      return isVisible(name) ? tell(`system.rename.${by}`, { name }) : tell(`system.noName.${by}`);
    }
    case 'picture':
      return tell(row.body ? `system.picture.${by}` : `system.noPicture.${by}`);
    case 'settings':
      return tell(`system.settings.${by}`);
    case 'member_add': {
      const users = says.users ?? [];
      // Who came by an invitation added nobody else.
      if (users.length === 1 && users[0] === row.sender) return tell(`system.came.${by}`);
      if (users.length === 1 && users[0] === user) return tell('system.addedYou');
      const others = users.filter((one) => one !== user).map(nameOf);
      const names = users.includes(user) ? [say('system.you'), ...others] : others;
      return tell(`system.add.${by}`, { names: list(names) });
    }
    case 'member_remove':
      return says.user === user
        ? tell('system.removedYou')
        : tell(`system.remove.${by}`, { name: nameOf(says.user ?? '') });
    case 'member_leave':
      return tell(`system.leave.${by}`);
    case 'member_role': {
      const role = says.role ?? 'member';
      return says.user === user
        ? tell('system.yourRole', { role })
        : tell(`system.role.${by}`, { name: nameOf(says.user ?? ''), role });
    }
    default:
      return null;
  }
}
