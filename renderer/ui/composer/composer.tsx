import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import { LIMITS } from '@matchbook/protocol/limits';
import { textFault, utf8Length } from '@matchbook/protocol/text';
import { memo, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { AttachButton } from '../files/attach-button.tsx';
import { ComposerAbove, useComposerFiles } from '../files/composer-files.tsx';
import { VoiceBar, VoiceButton } from '../files/voice.tsx';
import { useNames } from '../people/use-names.ts';
import { useQuoted } from '../talk/use-quoted.ts';
import { useSteady } from '../use-steady.ts';
import { useMatchbook } from '../use-store.ts';
import { ComposerDialogs } from './composer-dialogs.tsx';
import { composerKeys } from './composer-keys.ts';
import { ComposerSaid, useFault } from './composer-said.tsx';
import { EarlierButton, EmojiTool, FormatsButton } from './composer-tools.tsx';
import { ConflictBar } from './conflict-bar.tsx';
import { COMPOSER_ID } from './focus-composer.ts';
import { FormatBar } from './format-bar.tsx';
import { type Format, formatted } from './formatting.ts';
import { ReplyBar } from './reply-bar.tsx';
import { SendButton } from './send-button.tsx';
import { trimmedText } from './trimmed-text.ts';
import { useCompletion } from './use-completion.tsx';
import { usePaste } from './use-paste.ts';
import { type Asking, useSending } from './use-sending.ts';
import { useTold } from './use-told.ts';
import { writeText } from './write-text.ts';

/**
 * One instance a conversation (its key): the recipient is the draft's own and cannot change under a text that is being typed.
 * Of the conversation it knows no more than who is in it: what is said there draws nothing of it anew.
 */
export const Composer = memo(function Composer(props: {
  address: Address;
  title: string;
  self: boolean;
  form: ConversationRow['form'];
  members: ConversationRow['members'];
  account: AccountSummary;
}) {
  const { address, title, self, form, members, account } = props;
  const row = useMemo(() => ({ account: account.account, form, members }), [account.account, form, members]);
  const store = useMatchbook();
  const { say } = useWords();
  const keeper = store.sending.draft(address);
  const { text, more, failure, other } = useStore(keeper.state);
  const [formats, setFormats] = useState(false);
  const [asking, setAsking] = useState<Asking | 'earlier' | null>(null);
  const [told, setTold] = useTold();
  /** Whom the text that stands here was begun for. */
  const bound = useRef<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const saidId = useId();
  const focus = useCallback(() => box.current?.focus(), []);

  useEffect(() => {
    const area = box.current;
    area?.focus();
    // A text that is known already would have the caret before it: one goes on where it ends.
    area?.setSelectionRange(area.value.length, area.value.length);
    return () => void keeper.rest();
  }, [keeper]);

  // Put back here from where its message was: so is who wrote it there.
  useEffect(() => {
    if (failure && document.activeElement === document.body) focus();
  }, [failure, focus]);

  const body = trimmedText(text);
  const said = { bytes: utf8Length(body), invalid: textFault(body) !== null, failure, told };
  const fault = useFault(said);
  const files = useComposerFiles(address, text, (voice) =>
    store.sending.submit(keeper, '', address.conv, { attached: voice, preview: null }),
  );
  const { tray, voice, accompanying } = files;
  /** A text that is longer than a message may be, as a file of the tray. Answers whether it is there. */
  const asFile = async (whole: string): Promise<boolean> => {
    const name = `${say('composer.fileName')}.txt`;
    const added = await store.files.hand(address, name, new Blob([whole], { type: 'text/plain' }));
    return added.length > 0;
  };
  const allAsFile = async () => {
    const whole = keeper.state.getState().text;
    const done = await asFile(whole);
    // Typed meanwhile: it stays.
    const now = keeper.state.getState().text;
    if (done) keeper.edit(now.startsWith(whole) ? now.slice(whole.length) : now);
    focus();
  };
  const paste = usePaste(box, (pasted) => {
    void asFile(pasted).then(
      (done) => done && setTold(({ say }) => say('composer.pastedLong', { limit: LIMITS.bodyBytes / 1_024 })),
    );
  });
  const ready =
    (body !== '' || accompanying.attached.length > 0) && said.bytes <= LIMITS.bodyBytes && !said.invalid;

  const people = useMemo(
    () =>
      members.flatMap(({ user, name }) => (name !== null && user !== account.user ? [{ user, name }] : [])),
    [members, account.user],
  );
  const completion = useCompletion({ box, text, row, people });
  const reply = more?.reply ?? null;
  const quote = useQuoted(address, reply, account.user);
  const names = useNames(row, account);
  const nameOf = (user: string) => (user === account.user ? say('app.you') : names(user));
  const { send, schedule, later } = useSending({
    ...{ address, row, keeper, people, quote, accompanying, bound },
    ask: setAsking,
    refuse: (command) => setTold(({ say }) => say('command.alone', { command })),
    doubt: (command) => setTold(({ say }) => say('command.none', { command })),
    onSend: () => setTold(null),
    onSent: focus,
  });
  const format = (kind: Format) => {
    const area = box.current;
    if (!area) return;
    const { value, selectionStart: start, selectionEnd: end } = area;
    writeText(area, formatted({ text: value, start, end }, kind));
  };
  const insert = useSteady((piece: string) => {
    const area = box.current;
    if (!area) return;
    const { value, selectionStart: start, selectionEnd: end } = area;
    const caret = start + piece.length;
    bound.current ??= address.conv;
    writeText(area, { text: value.slice(0, start) + piece + value.slice(end), start: caret, end: caret });
  });
  // What stands beside the text is not drawn again with each key.
  const beside = {
    formats: useCallback(() => setFormats((shown) => !shown), []),
    earlier: useCallback(() => setAsking('earlier'), []),
    later: useSteady(later),
    answered: useCallback(() => setAsking(null), []),
    silent: useSteady(() => send(true)),
    voice: useSteady(() => void voice.begin()),
    sure: useSteady(() => (asking === 'everyone' ? send(false, true) : setAsking('schedule'))),
    schedule: useSteady(schedule),
    scheduled: useSteady((due: number) =>
      setTold(({ say, moment }) => say('schedule.done', { time: moment(due) })),
    ),
  };
  return (
    <>
      <form
        className="composer"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <ComposerSaid id={saidId} said={said} fault={fault} onAsFile={() => void allAsFile()} />
        {other && <ConflictBar keeper={keeper} other={other} onChosen={focus} />}
        {formats && <FormatBar onFormat={format} />}
        {reply !== null && (
          <ReplyBar
            quote={quote}
            name={quote && quote.sender !== '' ? nameOf(quote.sender) : say('app.someone')}
            onOpen={() => quote?.n != null && store.navigation.jumpTo(address, quote.n)}
            onClose={() => {
              store.sending.answerNothing(address);
              focus();
            }}
          />
        )}
        {completion.list}
        <ComposerAbove files={files} />
        <VoiceBar address={address} voice={voice} />
        <div className="composer-box" hidden={voice.state.is !== 'resting'}>
          <AttachButton address={address} onDone={focus} />
          <FormatsButton shown={formats} onToggle={beside.formats} />
          <EmojiTool onPick={insert} />
          <textarea
            ref={box}
            id={COMPOSER_ID}
            data-testid="composer"
            data-conv={address.conv}
            rows={1}
            dir="auto"
            value={text}
            aria-label={say(self ? 'composer.selfLabel' : 'composer.label', { title })}
            aria-describedby={saidId}
            aria-invalid={fault !== null}
            placeholder={say(self ? 'composer.selfPlaceholder' : 'composer.placeholder', { title })}
            onChange={(event) => {
              bound.current ??= address.conv;
              setTold(null);
              keeper.edit(event.target.value);
              completion.onCaret();
            }}
            onPaste={(event) => {
              files.onPaste(event);
              if (!event.defaultPrevented) paste.onPaste(event);
            }}
            onSelect={completion.onCaret}
            {...completion.field}
            onBlur={() => void keeper.rest()}
            onKeyDown={composerKeys({
              ...{ store, address, text, reply, paste, completion },
              onFormat: format,
              onSend: () => send(),
            })}
          />
          <EarlierButton onOpen={beside.earlier} />
          {body === '' && tray.length === 0 && <VoiceButton onBegin={beside.voice} />}
          <SendButton ready={ready} onSilent={beside.silent} onLater={beside.later} />
        </div>
      </form>
      <ComposerDialogs
        {...{ address, keeper, asking }}
        others={members.length - 1}
        onSure={beside.sure}
        files={tray.length}
        onSchedule={beside.schedule}
        onScheduled={beside.scheduled}
        onClose={beside.answered}
      />
    </>
  );
});
