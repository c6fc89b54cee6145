import { useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { PersonPicker } from '../people/person-picker.tsx';
import { useMatchbook } from '../use-store.ts';

export function AddPeopleDialog(props: {
  address: Address;
  name: string;
  present: ReadonlySet<string>;
  onClose: () => void;
}) {
  const { address, onClose } = props;
  const store = useMatchbook();
  const { say, failure } = useWords();
  const [users, setUsers] = useState<string[]>([]);
  const field = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<string | null>(null);
  const add = async () => {
    const answer = await store.groups.add(address, users);
    if (answer.ok) onClose();
    else setError(failure(answer.failure));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={field}
      title={say('group.addTitle', { name: props.name })}
      description={say('group.addLead')}
      testId="add-people"
    >
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <PersonPicker
        field={field}
        account={address.account}
        chosen={users}
        without={props.present}
        onChange={setUsers}
        label={say('group.people')}
        empty={say('group.allIn')}
      />
      <DialogActions>
        <button
          type="button"
          className="button primary"
          data-testid="add-people-confirm"
          disabled={users.length === 0}
          onClick={() => void add()}
        >
          {say('group.addAction', { count: users.length })}
        </button>
      </DialogActions>
    </Dialog>
  );
}
