import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { useMatchbook } from '../use-store.ts';
import { useMembership } from './row-host.ts';
import type { Reaction } from './wanted.ts';

/** What people reacted with: pressed where one did oneself, and pressing it adds or takes one's own. */
export function Reactions(props: {
  address: Address;
  row: TimelineRow;
  reactions: readonly Reaction[];
  user: string;
  nameOf: (user: string) => string;
}) {
  const { address, row, reactions, user, nameOf } = props;
  const store = useMatchbook();
  const { say, list } = useWords();
  const member = useMembership();
  if (reactions.length === 0) return null;
  return (
    <ul className="reactions" aria-label={say('message.reactions')}>
      {reactions.map(({ emoji, by }) => {
        const own = by.includes(user);
        const who = list(by.map((one) => (one === user ? say('app.you') : nameOf(one))));
        return (
          <li key={emoji}>
            <button
              type="button"
              className="reaction"
              data-testid="reaction"
              aria-pressed={own}
              disabled={!member}
              title={who}
              aria-label={say('message.reacted', { emoji, count: by.length, who })}
              onClick={({ currentTarget }) => {
                // With the last one goes the button.
                if (own && by.length === 1)
                  currentTarget.closest<HTMLElement>('article')?.focus({ preventScroll: true });
                void store.messages.react(address, row, emoji, !own);
              }}
            >
              <span aria-hidden="true">{emoji}</span>
              <span aria-hidden="true">{by.length}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
