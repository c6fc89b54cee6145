import { UserPlus, UsersRound } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { PersonPicker } from './person-picker.tsx';
import { useEverybody } from './use-people.ts';

/** A conversation with somebody one knows; where nobody is known, an invitation. */
export function NewConversationDialog({ account, onClose }: { account: string; onClose: () => void }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const me = useKnown((state) => state.app?.accounts.find((one) => one.account === account)?.user ?? '');
  const nobody = useEverybody(account).size === 0;
  const without = useMemo(() => new Set([me]), [me]);
  const field = useRef<HTMLInputElement>(null);
  // People may come to be known while it is open.
  useEffect(() => {
    if (!nobody) field.current?.focus();
  }, [nobody]);
  const [error, setError] = useState<string | null>(null);
  const choose = async ([user]: string[]) => {
    if (user === undefined) return;
    const answer = await store.groups.direct(account, user);
    if (!answer.ok) return setError(failure(answer.failure));
    onClose();
    store.navigation.open(answer.value);
    requestAnimationFrame(focusComposer);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={field}
      title={say(nobody ? 'new.nobodyTitle' : 'new.conversationTitle')}
      description={say(nobody ? 'new.nobodyLead' : 'new.conversationLead')}
      testId="new-conversation"
    >
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      {!nobody && (
        <PersonPicker
          field={field}
          account={account}
          chosen={[]}
          without={without}
          onChange={(chosen) => void choose(chosen)}
          label={say('new.conversationTitle')}
          single
          empty={say('new.nobodyLead')}
        />
      )}
      <DialogActions>
        {!nobody && (
          <button
            type="button"
            className="button"
            data-testid="to-new-group"
            onClick={() => store.panels.open({ kind: 'new-group', account })}
          >
            <UsersRound size={16} aria-hidden="true" />
            {say('new.group')}
          </button>
        )}
        <button
          type="button"
          className={nobody ? 'button primary wide' : 'button'}
          onClick={() => store.panels.open({ kind: 'invite', account })}
        >
          <UserPlus size={16} aria-hidden="true" />
          {say('new.invite')}
        </button>
      </DialogActions>
    </Dialog>
  );
}
