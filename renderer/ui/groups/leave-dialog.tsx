import { useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { rowOf } from '../../store/row-of.ts';
import type { Address } from '../../store/state.ts';
import { Confirm } from '../base/dialog.tsx';
import { otherName } from '../people.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { isLastOwner } from './members.ts';

/** Asks before one leaves a group, from wherever. The last owner, whom the log would refuse, is told so and led to the members. */
export function LeaveDialog({ address, onClose }: { address: Address; onClose: () => void }) {
  const { account, conv } = address;
  const store = useMatchbook();
  const { say } = useWords();
  const row = useKnown((state) => rowOf(state.conversations[account], conv));
  const user = useKnown((state) => state.app?.accounts.find((one) => one.account === account)?.user);
  const owner = row?.role === 'owner';
  const [last, setLast] = useState<boolean | null>(null);
  useEffect(() => {
    if (!owner || user === undefined) return;
    let current = true;
    void store.groups.facts({ account, conv }).then((answer) => {
      // Where that is not known the log says it.
      if (current) setLast(answer.ok && isLastOwner(answer.value.members, user));
    });
    return () => {
      current = false;
    };
  }, [store, account, conv, owner, user]);
  if (!row || user === undefined || (owner && last === null)) return null;
  const held = owner && last === true;
  return (
    <Confirm
      open
      title={say('group.leaveTitle', {
        name: otherName(row, user, say) ?? say('app.someone'),
      })}
      description={say(held ? 'group.lastOwner' : 'group.leaveLead')}
      action={say(held ? 'info.open' : 'group.leave')}
      dangerous={!held}
      testId="confirm-leave"
      onCancel={onClose}
      onConfirm={() => {
        onClose();
        if (held) {
          store.navigation.open(address);
          store.panels.showInfo(address);
        } else void store.told(store.groups.leave(address));
      }}
    />
  );
}
