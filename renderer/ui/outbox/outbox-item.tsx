import { begunOf } from '@matchbook/protocol/bridge/begun-of';
import type { WaitingItem } from '@matchbook/protocol/bridge/waiting';
import { memo, useEffect, useReducer, useState } from 'react';
import type { WordId } from '../../i18n/english.ts';
import { useWords, type Words } from '../../i18n/words.tsx';
import { trimmedText } from '../composer/trimmed-text.ts';
import { GivenUpNote } from '../talk/given-up-note.tsx';
import { useHeardWords } from '../use-heard-words.ts';
import { useMatchbook } from '../use-store.ts';
import { isHeld, mayDiscard, mayHold, mayToDraft } from './what-can-be-done.ts';

/** What it does; of some, what it takes back. */
const KINDS: Partial<Record<WaitingItem['kind'], WordId>> = {
  create: 'outbox.kind.create',
  edit: 'outbox.kind.edit',
  delete: 'outbox.kind.delete',
  reaction: 'outbox.kind.reaction',
  pin: 'outbox.kind.pin',
  rename: 'outbox.kind.rename',
  picture: 'outbox.kind.picture',
  member_add: 'outbox.kind.members',
  member_remove: 'outbox.kind.members',
  member_leave: 'outbox.kind.members',
  member_role: 'outbox.kind.members',
  saved: 'outbox.kind.saved',
  deleted_for_me: 'outbox.kind.hidden',
  mute: 'outbox.kind.mute',
  archived: 'outbox.kind.archive',
  pinned: 'outbox.kind.top',
  block: 'outbox.kind.block',
};
const OFF: typeof KINDS = {
  reaction: 'outbox.kind.reactionOff',
  pin: 'outbox.kind.pinOff',
  saved: 'outbox.kind.savedOff',
  deleted_for_me: 'outbox.kind.hiddenOff',
  mute: 'outbox.kind.muteOff',
  archived: 'outbox.kind.archiveOff',
  pinned: 'outbox.kind.topOff',
  block: 'outbox.kind.blockOff',
};

function whatWords({ kind, off, about }: WaitingItem, { say }: Words): string | null {
  if (kind === 'message') return null;
  const id = (off ? OFF[kind] : KINDS[kind]) ?? 'outbox.kind.setting';
  return say(id, { about: about || say('outbox.message') });
}

function whyWords(item: WaitingItem, { say, failure }: Words): string {
  const { failed, failure: reason, holds, behind, frozen, nextAt } = item;
  if (failed) return say('outbox.failed', { reason: reason ? failure(reason) : '' });
  if (holds.includes('person')) return say('outbox.held');
  if (holds.includes('upload')) return say('outbox.uploading');
  if (behind) return say('outbox.behind');
  const next = nextAt === null ? 0 : Math.ceil((nextAt - Date.now()) / 1_000);
  if (next > 0) return `${say('outbox.nextIn', { seconds: next })} · ${reason ? failure(reason) : ''}`;
  if (reason) return say('outbox.waitsFor', { reason: failure(reason) });
  return say(frozen ? 'outbox.frozen' : 'outbox.queued');
}

/** One item: what, why it waits, since when, how often it was tried, and its actions. Drawn anew only where it is another one: there may be a thousand. */
export const OutboxItem = memo(function OutboxItem(props: {
  item: WaitingItem;
  chosen: boolean;
  mayEdit: boolean;
  /** Whose outbox it is. */
  user: string;
  onChoose: (id: string, on: boolean) => void;
}) {
  const { item, chosen, mayEdit, user, onChoose } = props;
  const store = useMatchbook();
  const { waiting } = store;
  const words = useWords();
  const { say, moment } = words;
  // Of a message they are words for that message: once it has left the outbox they are gone on with in its row.
  const key = item.kind === 'message' ? `${user}/${item.id}` : begunOf('outbox', item.id);
  const [editing, setEditing] = useState(() => (mayEdit ? store.begun.of(key) : null));
  useEffect(() => {
    if (mayEdit)
      void store.begun.follow([item.account]).then(() => setEditing((now) => now ?? store.begun.of(key)));
  }, [store, item.account, key, mayEdit]);
  useHeardWords(key, (text) => setEditing((now) => (now === null ? now : text)));
  const [givenUp, setGivenUp] = useState<string | null>(null);
  const edit = (text: string) => {
    setGivenUp(null);
    setEditing(text);
  };
  const stop = (used: boolean) => {
    if (used) store.begun.forget(key);
    else setGivenUp(store.begun.giveUp(key, item.text));
    // It may have gone meanwhile, and have been gone on with there.
    if (store.talk.state.getState().editing === key) store.talk.edit(null);
    setEditing(null);
  };
  const now = trimmedText(editing ?? '');
  // Only what came without words, as files do, goes out without any.
  const ready = now !== '' || item.text === '';
  const save = () => {
    if (ready) void waiting.edit(item, now).then((done) => done && stop(true));
  };
  const [, tick] = useReducer((count: number) => count + 1, 0);
  const counting = item.nextAt !== null && item.nextAt > Date.now();
  useEffect(() => {
    if (!counting) return;
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [counting]);
  const what = whatWords(item, words);
  const address = { account: item.account, conv: item.conv };
  const button = (id: WordId, act: () => void, off = false) => (
    <button type="button" className="button small" data-testid={id} disabled={off} onClick={act}>
      {say(id)}
    </button>
  );
  const failed = item.failed;
  return (
    <li className={failed ? 'outbox-item failed' : 'outbox-item'} data-testid="outbox-item" data-id={item.id}>
      <input
        type="checkbox"
        checked={chosen}
        aria-label={say('outbox.choose', { text: item.text || (what ?? '') })}
        onChange={(event) => onChoose(item.id, event.target.checked)}
      />
      <div className="outbox-what">
        {what !== null && <p className="fine">{what}</p>}
        {editing === null ? (
          item.text !== '' && (
            <p className="outbox-text" dir="auto">
              {item.text}
            </p>
          )
        ) : (
          <textarea
            // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here
            autoFocus
            dir="auto"
            rows={3}
            aria-label={say('outbox.text')}
            value={editing}
            onChange={({ target: { value } }) => {
              setEditing(value);
              store.begun.type(address, { key, n: null }, value);
            }}
            // As where a message is edited in its row.
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing || event.keyCode === 229) return;
              if (event.key === 'Escape') {
                event.stopPropagation();
                stop(false);
              } else if (event.key === 'Enter' && !event.shiftKey) {
                event.preventDefault();
                save();
              }
            }}
          />
        )}
        {givenUp !== null && editing === null && (
          <GivenUpNote
            focus
            onEditOn={() => {
              store.begun.type(address, { key, n: null }, givenUp);
              edit(givenUp);
            }}
          />
        )}
        <p className={failed ? 'error' : 'fine'} data-testid="outbox-why">
          {whyWords(item, words)}
        </p>
        <p className="fine">
          {say('outbox.since', { time: moment(item.created) })}
          {item.attempts > 0 && ` · ${say('outbox.attempts', { count: item.attempts })}`}
        </p>
        <div className="outbox-actions">
          {editing !== null ? (
            <>
              {button('outbox.save', save, !ready)}
              {button('outbox.stop', () => stop(false))}
            </>
          ) : (
            <>
              {failed
                ? button('outbox.retry', () => void waiting.retry(item))
                : button('outbox.sendNow', () => void waiting.sendNow(item))}
              {mayHold(item) && !isHeld(item) && button('outbox.hold', () => void waiting.hold(item, true))}
              {mayEdit && button('outbox.edit', () => edit(store.begun.of(key) ?? item.text))}
              {mayToDraft(item) && button('outbox.toDraft', () => void store.sending.toDraft(address, item))}
              {mayDiscard(item) &&
                button(
                  failed ? 'outbox.discard' : item.frozen ? 'outbox.delete' : 'outbox.cancel',
                  () => void store.sending.discard(address, item),
                )}
            </>
          )}
        </div>
      </div>
    </li>
  );
});
