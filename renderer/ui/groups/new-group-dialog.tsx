import { LIMITS } from '@matchbook/protocol/limits';
import { utf8Length } from '@matchbook/protocol/text';
import { type FormEvent, useId, useMemo, useRef, useState } from 'react';
import { useWords, type Words } from '../../i18n/words.tsx';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import { PersonPicker } from '../people/person-picker.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';

/** Characters of a group's name; the log counts bytes, and has room for these in any script. */
const GROUP_NAME = Math.floor(LIMITS.groupNameBytes / 4);

/** Why this is no name of a group; null where it is one. */
export function groupNameFault(name: string, { say }: Words): string | null {
  if (name.trim() === '') return say('group.nameEmpty');
  const long = [...name.trim()].length > GROUP_NAME || utf8Length(name.trim()) > LIMITS.groupNameBytes;
  return long ? say('group.nameLong', { limit: GROUP_NAME }) : null;
}

/** Name and people: the group is there at once, whether there is a connection or not. */
export function NewGroupDialog({ account, onClose }: { account: string; onClose: () => void }) {
  const store = useMatchbook();
  const words = useWords();
  const { say } = words;
  const me = useKnown((state) => state.app?.accounts.find((one) => one.account === account)?.user ?? '');
  const [name, setName] = useState('');
  const [users, setUsers] = useState<string[]>([]);
  const [error, setError] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const without = useMemo(() => new Set([me]), [me]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const fault = groupNameFault(name, words);
    setError(fault);
    if (fault !== null) {
      input.current?.focus();
      return;
    }
    setWorking(true);
    const made = await store.groups.create(account, name, users);
    setWorking(false);
    if (!made.ok) {
      setError(words.failure(made.failure));
      return;
    }
    onClose();
    store.navigation.open(made.value);
    requestAnimationFrame(focusComposer);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('group.new')}
      description={say('group.newLead')}
      initialFocus={input}
      testId="new-group"
    >
      <form className="form" onSubmit={(event) => void submit(event)}>
        <label className="field" htmlFor={`${id}-name`}>
          <span>{say('group.name')}</span>
          <input
            ref={input}
            id={`${id}-name`}
            dir="auto"
            data-testid="group-name"
            value={name}
            aria-invalid={error !== null}
            aria-describedby={error === null ? undefined : `${id}-error`}
            onChange={(event) => {
              setName(event.target.value);
              setError(null);
            }}
          />
        </label>
        {error !== null && (
          <p className="error" id={`${id}-error`} role="alert">
            {error}
          </p>
        )}
        <div className="field">
          <span>{say('group.people')}</span>
          <PersonPicker
            account={account}
            chosen={users}
            without={without}
            onChange={setUsers}
            label={say('group.people')}
            empty={say('new.nobodyLead')}
          />
          <p className="fine">{say('group.later')}</p>
        </div>
        <DialogActions>
          <button type="submit" className="button primary" disabled={working} data-testid="group-create">
            {say(working ? 'group.making' : 'group.create')}
          </button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
