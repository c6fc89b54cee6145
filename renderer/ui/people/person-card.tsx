import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { Ban, Flag, MessageSquare, Undo2 } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { personKey } from '../../store/people-book.ts';
import { Avatar } from '../avatar.tsx';
import { Confirm, Dialog } from '../base/dialog.tsx';
import { otherName } from '../people.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { ConversationAvatar } from './conversation-avatar.tsx';
import { presenceWords } from './presence-words.ts';
import { useEverybody, usePanels, usePeople } from './use-people.ts';
import { useStanding } from './use-standing.ts';

const NO_ROWS: readonly ConversationRow[] = [];

/** Who somebody is: what is known is there at once, what the server says comes in its turn. */
export function PersonCard(props: {
  account: string;
  user: string;
  /** In the pane of the conversation with them. */
  inPane?: boolean;
  onClose?: () => void;
}) {
  const { account, user, inPane = false, onClose = () => {} } = props;
  const store = useMatchbook();
  const words = useWords();
  const { say, moment } = words;
  const person = useEverybody(account).get(user);
  const profile = usePeople((state) => state.profiles[personKey(account, user)]);
  const presence = usePeople((state) => state.presences[account]?.users.get(user));
  const own = useKnown((state) => state.app?.accounts.find((one) => one.account === account));
  const rows = useKnown((state) => state.conversations[account]) ?? NO_ROWS;
  const open = useKnown((state) => state.open);
  const [note, setNote] = useState<'card.stale' | 'card.unknown' | null>(null);
  const [blocking, setBlocking] = useState(false);
  const me = own?.user === user;
  useEffect(() => {
    let current = true;
    void store.people.profile(account, user).then((answer) => {
      if (!current) return;
      setNote(answer.ok ? null : answer.failure.kind === 'not_found' ? 'card.unknown' : 'card.stale');
    });
    return () => {
      current = false;
    };
  }, [store, account, user]);
  const name = (me ? own.name : null) ?? person?.name ?? profile?.name ?? say('app.someone');
  const now = Date.now();
  // The log tells a change at once; where it was never heard of, the server's answer stands in.
  const status = useStanding(person ? person.status : profile?.status);
  const common = useMemo(
    () => rows.filter((row) => row.form === 'group' && row.members.some((one) => one.user === user)),
    [rows, user],
  );
  const write = async () => {
    const answer = await store.groups.direct(account, user);
    if (!answer.ok) return store.told(Promise.resolve(answer));
    onClose();
    store.navigation.open(answer.value);
  };
  const block = (on: boolean) => void store.told(store.groups.block(account, user, on));
  // Where they wrote what one may report: here, between the two of them, or in a group of both.
  const about = useMemo(() => {
    const shared = rows.filter((row) => !row.self && row.members.some((one) => one.user === user));
    const here = open?.account === account ? shared.find(({ conv }) => conv === open.conv) : undefined;
    return here ?? shared.find(({ form }) => form === 'direct') ?? shared[0];
  }, [rows, open, account, user]);
  const report = (conv: string) => {
    onClose();
    store.panels.open({ kind: 'report', address: { account, conv }, user, n: null });
  };
  return (
    <div className="person" data-testid="person-card" data-user={user}>
      <span className="person-picture">
        <Avatar id={user} name={name} />
        {presence && <span className="presence-dot" data-state={presence} aria-hidden="true" />}
      </span>
      {inPane && (
        <h3>
          <bdi>{name}</bdi>
        </h3>
      )}
      {!me && (
        <p className="fine" data-testid="person-presence">
          {presenceWords(presence, profile, now, words)}
        </p>
      )}
      {note !== null && (
        <p className="fine" role="status">
          {say(note)}
        </p>
      )}
      {status && (
        <p className="person-status" data-testid="person-status">
          <bdi>{status.text}</bdi>
          {status.until !== undefined && (
            <small>{say('card.statusUntil', { until: moment(status.until) })}</small>
          )}
        </p>
      )}
      {person?.blocked && (
        <p className="person-blocked" data-testid="person-blocked">
          {say('card.blocked', { name })}
        </p>
      )}
      {!me && (
        <div className="person-actions">
          {!inPane && (
            <button
              type="button"
              className="button primary"
              data-testid="person-write"
              onClick={() => void write()}
            >
              <MessageSquare size={16} aria-hidden="true" />
              {say('card.write')}
            </button>
          )}
          {person?.blocked ? (
            <button
              type="button"
              className="button"
              data-testid="person-unblock"
              onClick={() => block(false)}
            >
              <Undo2 size={16} aria-hidden="true" />
              {say('card.unblock')}
            </button>
          ) : (
            <button
              type="button"
              className="button"
              data-testid="person-block"
              onClick={() => setBlocking(true)}
            >
              <Ban size={16} aria-hidden="true" />
              {say('card.block')}
            </button>
          )}
          {about && (
            <button
              type="button"
              className="button"
              data-testid="person-report"
              onClick={() => report(about.conv)}
            >
              <Flag size={16} aria-hidden="true" />
              {say('card.report')}
            </button>
          )}
        </div>
      )}
      {!me && (
        <section className="person-common">
          <h4>{say('card.common')}</h4>
          {common.length === 0 ? (
            <p className="fine">{say('card.noCommon')}</p>
          ) : (
            <ul>
              {common.map((row) => (
                <li key={row.conv}>
                  <button
                    type="button"
                    className="person-group"
                    onClick={() => {
                      onClose();
                      store.navigation.open({ account, conv: row.conv });
                    }}
                  >
                    <ConversationAvatar row={row} user={own?.user ?? ''} />
                    <bdi>{otherName(row, own?.user ?? '', say) ?? say('app.someone')}</bdi>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
      <Confirm
        open={blocking}
        title={say('card.blockTitle', { name })}
        description={say('card.blockLead')}
        action={say('card.block')}
        dangerous
        testId="confirm-block"
        onCancel={() => setBlocking(false)}
        onConfirm={() => {
          setBlocking(false);
          block(true);
        }}
      />
    </div>
  );
}

/** The card of whoever was clicked on. */
export function PersonDialog() {
  const store = useMatchbook();
  const { say } = useWords();
  const card = usePanels((state) => state.card);
  const name = usePeople((state) => (card ? state.known[card.account]?.get(card.user)?.name : undefined));
  if (!card) return null;
  const close = () => store.panels.card(null);
  return (
    <Dialog
      open
      onClose={close}
      title={say('card.label', { name: name ?? say('app.someone') })}
      testId="person-dialog"
    >
      <PersonCard account={card.account} user={card.user} onClose={close} />
    </Dialog>
  );
}
