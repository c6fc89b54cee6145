import type { WaitingItem } from '@matchbook/protocol/bridge/waiting';
import { type ReactNode, useCallback, useEffect, useReducer, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { Dialog } from '../base/dialog.tsx';
import { otherName } from '../people.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { OutboxItem } from './outbox-item.tsx';
import { isText, mayHold } from './what-can-be-done.ts';

/** So many are drawn at once; more of them while one looks at these. */
const DRAWN = 40;

/** Everything that waits, of all accounts, by conversation: what, why and since when, and what can be done about it. */
export function OutboxView({ onClose }: { onClose: () => void }) {
  const { waiting } = useMatchbook();
  const words = useWords();
  const { say } = words;
  const lists = useStore(waiting.state, (state) => state.lists);
  const failure = useStore(waiting.state, (state) => state.failure);
  const accounts = useKnown((state) => state.app?.accounts) ?? [];
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    waiting.show(true);
    return () => waiting.show(false);
  }, [waiting]);
  const present = accounts.flatMap(({ account }) => lists[account] ?? []);
  const items = present.flatMap((list) => list.items);

  const [drawn, drawMore] = useReducer((count: number) => count + DRAWN, DRAWN);
  const more = drawn < items.length;
  useEffect(() => {
    if (!more) return;
    const timer = setInterval(drawMore, 50);
    return () => clearInterval(timer);
  }, [more]);
  const total = present.reduce((sum, list) => sum + list.total, 0);
  const marked = items.filter(({ id }) => chosen.has(id));
  const bulk = (act: (item: WaitingItem) => Promise<boolean>, fits: (item: WaitingItem) => boolean) => {
    void waiting.each(marked.filter(fits), act);
    setChosen(new Set());
  };
  const choose = useCallback((id: string, on: boolean) => {
    setChosen((before) => {
      const next = new Set(before);
      if (on) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('outbox.title')}
      description={say('outbox.lead')}
      size="wide"
      testId="outbox"
    >
      {failure && (
        <p className="error" role="alert">
          {words.failure(failure)}
        </p>
      )}
      {items.length === 0 ? (
        <p className="outbox-empty" data-testid="outbox-empty">
          {say(present.length < accounts.length ? 'outbox.loading' : 'outbox.empty')}
        </p>
      ) : (
        <>
          <div className="outbox-bar">
            <label>
              <input
                type="checkbox"
                checked={marked.length === items.length}
                onChange={(event) =>
                  setChosen(new Set(event.target.checked ? items.map(({ id }) => id) : []))
                }
              />
              {marked.length > 0 ? say('outbox.chosen', { count: marked.length }) : say('outbox.all')}
            </label>
            {marked.length > 0 && (
              <div className="outbox-actions" data-testid="outbox-bulk">
                <button
                  type="button"
                  className="button small"
                  onClick={() =>
                    bulk(
                      (item) => (item.failed ? waiting.retry(item) : waiting.sendNow(item)),
                      () => true,
                    )
                  }
                >
                  {say('outbox.sendNow')}
                </button>
                <button
                  type="button"
                  className="button small"
                  onClick={() => bulk((item) => waiting.hold(item, true), mayHold)}
                >
                  {say('outbox.hold')}
                </button>
                <button
                  type="button"
                  className="button small"
                  onClick={() =>
                    bulk(
                      (item) => waiting.discard(item),
                      () => true,
                    )
                  }
                >
                  {say('outbox.cancel')}
                </button>
              </div>
            )}
          </div>
          {grouped(items.slice(0, drawn)).map((group) => (
            <Group key={`${group[0]!.account}/${group[0]!.conv}`} items={group}>
              {group.map((item) => (
                <OutboxItem
                  key={item.id}
                  item={item}
                  chosen={chosen.has(item.id)}
                  onChoose={choose}
                  mayEdit={isText(item)}
                  user={accounts.find(({ account }) => account === item.account)?.user ?? ''}
                />
              ))}
            </Group>
          ))}
          {total > items.length && (
            <p className="fine">{say('outbox.more', { count: total - items.length })}</p>
          )}
        </>
      )}
    </Dialog>
  );
}

function Group({ items, children }: { items: readonly WaitingItem[]; children: ReactNode }) {
  const { say } = useWords();
  const { account, conv } = items[0]!;
  const row = useKnown((state) => state.conversations[account]?.find((one) => one.conv === conv));
  const summary = useKnown((state) => state.app?.accounts.find((one) => one.account === account));
  const several = useKnown((state) => (state.app?.accounts.length ?? 0) > 1);
  const name = row && summary ? otherName(row, summary.user, say) : null;
  return (
    <section className="outbox-group">
      <h3>
        <bdi>{row?.self ? say('app.selfTitle') : (name ?? say('app.someone'))}</bdi>
        {several && summary && (
          <small>
            <bdi>
              {summary.name} · {summary.serverName}
            </bdi>
          </small>
        )}
      </h3>
      <ul>{children}</ul>
    </section>
  );
}

/** By account and conversation, each where its oldest stands. */
function grouped(items: readonly WaitingItem[]): WaitingItem[][] {
  const groups = new Map<string, WaitingItem[]>();
  for (const item of items) {
    const key = `${item.account}/${item.conv}`;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
