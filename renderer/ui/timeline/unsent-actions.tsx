import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { PassportDoor } from '../passport/passport-door.tsx';
import { useMatchbook } from '../use-store.ts';
import { isUnsent } from './unsent.ts';

/** What can be done about a message that has not gone out: all of it where it failed, taking it back while it was never tried. */
export function UnsentActions(props: {
  address: Address;
  row: TimelineRow;
  nameOf: (user: string) => string;
}) {
  const { address, row, nameOf } = props;
  const store = useMatchbook();
  const { say } = useWords();
  const [details, setDetails] = useState(false);
  if (!isUnsent(row)) return null;
  const failed = row.delivery === 'failed';
  const actions = (
    <fieldset className={failed ? 'actions' : 'actions actions-quiet'} aria-label={say('row.actions')}>
      {failed && (
        <button type="button" className="button small" onClick={() => void store.sending.retry(address, row)}>
          {say('row.retry')}
        </button>
      )}
      <button type="button" className="button small" onClick={() => void store.sending.toDraft(address, row)}>
        {say('row.toDraft')}
      </button>
      <button type="button" className="button small" onClick={() => void store.sending.discard(address, row)}>
        {say('row.discard')}
      </button>
      <button type="button" className="button small" onClick={() => setDetails(true)}>
        {say('passport.open')}
      </button>
      {details && (
        <PassportDoor
          address={address}
          target={{ id: row.id }}
          nameOf={nameOf}
          onClose={() => setDetails(false)}
        />
      )}
    </fieldset>
  );
  return failed ? actions : <div className="actions-over">{actions}</div>;
}
