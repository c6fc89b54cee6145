/** What becomes of the text of the composer when it is sent: a message, a command, or a message for later. */
import { FOREVER } from '@matchbook/protocol/bridge/choices';
import type { ConversationRow, Quote } from '@matchbook/protocol/bridge/views';
import { LIMITS } from '@matchbook/protocol/limits';
import { textFault, utf8Length } from '@matchbook/protocol/text';
import { type RefObject, useRef } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { DraftKeeper } from '../../store/draft-keeper.ts';
import { ASKED_BEYOND, calledIn, type Person, wordsFor } from '../../store/mentions.ts';
import type { Address } from '../../store/state.ts';
import type { Accompanying } from '../files/composer-files.tsx';
import { useMatchbook } from '../use-store.ts';
import { type Command, type Commanded, commandIn, mistakenIn, SHRUG } from './commands.ts';
import { trimmedText } from './trimmed-text.ts';

/** What a command, or the button, asks about. */
export type Asking = 'schedule' | 'leave' | 'date' | 'everyone' | 'everyone-later';

export function useSending(parts: {
  address: Address;
  row: Pick<ConversationRow, 'form' | 'members'>;
  keeper: DraftKeeper;
  people: readonly Person[];
  quote: Quote | null;
  accompanying: Accompanying;
  /** Whom the text that stands here was begun for. */
  bound: RefObject<string | null>;
  ask: (what: Asking) => void;
  /** The command stands before words that it would have no use for. */
  refuse: (command: Command) => void;
  /** This word is no command: sent again, the text goes out as it is. */
  doubt: (word: string) => void;
  onSend: () => void;
  onSent: () => void;
}) {
  const { address, row, keeper, people, quote, accompanying, bound, ask, refuse, doubt, onSend, onSent } =
    parts;
  /** The text that was asked about last. */
  const doubted = useRef<string | null>(null);
  const store = useMatchbook();
  const { say } = useWords();
  const { attached } = accompanying;
  const called = (text: string) =>
    calledIn(text, people, [
      ...(row.form === 'group' ? [say('complete.everyone')] : []),
      // Of a text that was taken back, perhaps in another language.
      ...wordsFor(keeper.state.getState().more?.audiences),
    ]);
  /** Whether so many are told that one is asked before. */
  const callsMany = (text: string) =>
    row.members.length > ASKED_BEYOND && (called(text).audiences ?? []).length > 0;

  const submit = (text: string, silent: boolean) => {
    if (text === '' && attached.length === 0) return;
    const root = store.talk.goesOn(keeper.state.getState().more?.reply);
    store.sending.submit(keeper, text, bound.current ?? address.conv, {
      ...accompanying,
      ...{ silent, quote, called: called(text) },
    });
    bound.current = null;
    // The thread that is open is written to until it is closed; the strip above the text says so.
    if (root !== null) store.sending.answer(address, { n: root, id: '' });
    onSent();
  };
  /** The dialog of what is sent later. */
  const later = () => ask(callsMany(keeper.state.getState().text) ? 'everyone-later' : 'schedule');
  /** Whether the command is done, or being asked about: nothing is sent then. */
  const obeyed = ({ command, rest }: Commanded): boolean => {
    if (command === 'shrug' || command === 'silent') return false;
    if (command === 'leave' && row.form !== 'group') return false;
    // Neither obeyed without what is meant by them nor told to everybody: they stay, with why.
    if (command !== 'schedule' && rest !== '') {
      refuse(command);
      return true;
    }
    keeper.edit(command === 'schedule' ? rest : '');
    if (command === 'mute' || command === 'unmute')
      void store.told(store.preferences.mute(address, command === 'mute' ? FOREVER : 0));
    else if (command === 'schedule') later();
    else ask(command);
    return true;
  };
  /** @param sure asked already, where everybody is told */
  const send = (silent = false, sure = false) => {
    const now = trimmedText(keeper.state.getState().text);
    const nothing = now === '' && attached.length === 0;
    if (nothing || utf8Length(now) > LIMITS.bodyBytes || textFault(now) !== null) return;
    onSend();
    const mistaken = mistakenIn(now, row.form === 'group');
    if (mistaken !== null && doubted.current !== now) {
      doubted.current = now;
      return doubt(mistaken);
    }
    const commanded = commandIn(now);
    if (commanded && obeyed(commanded)) return;
    const { command, rest = '' } = commanded ?? {};
    const text = command === 'silent' ? rest : command === 'shrug' ? `${rest} ${SHRUG}`.trim() : now;
    const quiet = silent || command === 'silent';
    // What makes no sound tells nobody.
    if (!sure && !quiet && callsMany(text)) return ask('everyone');
    submit(text, quiet);
  };
  const schedule = async (id: string, due: number, silent: boolean) => {
    const text = trimmedText(keeper.state.getState().text);
    const message = { text, due, silent, called: called(text), ...accompanying };
    const answer = await store.scheduling.put(keeper, id, message);
    if (answer.ok && attached.length > 0)
      store.files.taken(
        address,
        attached.map((file) => file.id),
      );
    if (answer.ok) store.files.closeRefused(address);
    return answer;
  };
  return { send, schedule, later };
}
