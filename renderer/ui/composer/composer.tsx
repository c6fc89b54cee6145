import { FOREVER } from '@matchbook/protocol/bridge/choices';
import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import { LIMITS } from '@matchbook/protocol/limits';
import { textFault, utf8Length } from '@matchbook/protocol/text';
import { ALargeSmall, CircleAlert, History, SmilePlus } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { mentionedIn } from '../../store/mentions.ts';
import type { Address } from '../../store/state.ts';
import { Confirm } from '../base/dialog.tsx';
import { EmojiButton } from '../emoji/emoji-button.tsx';
import { AttachButton } from '../files/attach-button.tsx';
import { ComposerAbove, useComposerFiles } from '../files/composer-files.tsx';
import { VoiceBar, VoiceButton } from '../files/voice.tsx';
import { keysForReaders, keysText } from '../keyboard/keys.ts';
import { ScheduleDialog } from '../talk/schedule-dialog.tsx';
import { DateDialog } from '../talk/tools-menu.tsx';
import { useQuoted } from '../talk/use-quoted.ts';
import { useMatchbook } from '../use-store.ts';
import { type Commanded, commandIn, SHRUG } from './commands.ts';
import { ConflictBar } from './conflict-bar.tsx';
import { EarlierTexts } from './earlier-texts.tsx';
import { COMPOSER_ID } from './focus-composer.ts';
import { FormatBar, formatOf } from './format-bar.tsx';
import { type Format, formatted } from './formatting.ts';
import { ReplyBar } from './reply-bar.tsx';
import { SendButton } from './send-button.tsx';
import { trimmedText } from './trimmed-text.ts';
import { useCompletion } from './use-completion.tsx';
import { usePaste } from './use-paste.ts';
import { useTold } from './use-told.ts';
import { writeText } from './write-text.ts';

/** From this share of the limit on, what is left is said. */
const NEAR = 0.9;

/**
 * One instance a conversation (its key): the recipient is the draft's own and cannot change under a text that is being typed.
 */
export function Composer(props: {
  address: Address;
  title: string;
  self: boolean;
  row: ConversationRow;
  account: AccountSummary;
}) {
  const { address, title, self, row, account } = props;
  const store = useMatchbook();
  const words = useWords();
  const { say } = words;
  const keeper = store.sending.draft(address);
  const { text, more, failure, other } = useStore(keeper.state);
  const [earlier, setEarlier] = useState(false);
  const [formats, setFormats] = useState(false);
  const [asking, setAsking] = useState<'schedule' | 'leave' | 'date' | null>(null);
  const [told, setTold] = useTold();
  /** Whom the text that stands here was begun for. */
  const bound = useRef<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const said = useId();

  useEffect(() => {
    box.current?.focus();
    return () => void keeper.rest();
  }, [keeper]);

  // Grows with its text; the style sheet holds the most it may take. `text` is what changes its height.
  useLayoutEffect(() => {
    const area = box.current;
    if (!area || area.value !== text) return;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);

  const body = trimmedText(text);
  const bytes = utf8Length(body);
  const over = bytes - LIMITS.bodyBytes;
  const invalid = textFault(body) !== null;
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
  const paste = usePaste(box, (pasted) => {
    void asFile(pasted).then(
      (done) => done && setTold(say('composer.pastedLong', { limit: LIMITS.bodyBytes / 1_024 })),
    );
  });
  const ready = (body !== '' || accompanying.attached.length > 0) && over <= 0 && !invalid;

  const people = useMemo(
    () =>
      row.members.flatMap(({ user, name }) =>
        name !== null && user !== account.user ? [{ user, name }] : [],
      ),
    [row.members, account.user],
  );
  const completion = useCompletion({ box, text, row, people });
  const reply = more?.reply ?? null;
  const quote = useQuoted(address, reply, account.user);
  const nameOf = (user: string) =>
    user === account.user
      ? say('app.you')
      : (row.members.find((one) => one.user === user)?.name ?? say('app.someone'));

  const send = (silent = false) => {
    const now = trimmedText(keeper.state.getState().text);
    if (
      (now === '' && accompanying.attached.length === 0) ||
      utf8Length(now) > LIMITS.bodyBytes ||
      textFault(now) !== null
    )
      return;
    setTold(null);
    const commanded = commandIn(now);
    if (commanded && obeyed(commanded)) return;
    submit(
      commanded?.command === 'silent'
        ? commanded.rest
        : commanded?.command === 'shrug'
          ? `${commanded.rest} ${SHRUG}`.trim()
          : now,
      silent || commanded?.command === 'silent',
    );
  };
  const submit = (now: string, silent: boolean) => {
    if (now === '' && accompanying.attached.length === 0) return;
    store.sending.submit(keeper, now, bound.current ?? address.conv, {
      ...accompanying,
      silent,
      quote,
      mentions: mentionedIn(now, people),
    });
    bound.current = null;
    box.current?.focus();
  };
  const scheduled = async (id: string, due: number, silent: boolean) => {
    const now = trimmedText(keeper.state.getState().text);
    const mentions = mentionedIn(now, people);
    const answer = await store.scheduling.put(keeper, id, {
      text: now,
      due,
      silent,
      mentions,
      ...accompanying,
    });
    const { attached } = accompanying;
    if (answer.ok && attached.length > 0)
      store.files.taken(
        address,
        attached.map((file) => file.id),
      );
    return answer;
  };
  /** Whether the command is done, or being asked about: nothing is sent then. */
  const obeyed = ({ command, rest }: Commanded): boolean => {
    if (command === 'shrug' || command === 'silent') return false;
    if (command === 'leave' && row.form !== 'group') return false;
    keeper.edit(command === 'schedule' ? rest : '');
    if (command === 'mute' || command === 'unmute')
      void store.told(store.preferences.mute(address, command === 'mute' ? FOREVER : 0));
    else setAsking(command);
    return true;
  };
  /** The message that is answered, one further up or down; none below the last. */
  const answerBeside = (step: -1 | 1) => {
    const rows = store.reading.answerable();
    const at =
      reply === null
        ? rows.length
        : rows.findIndex((one) => (typeof reply === 'number' ? one.n === reply : one.id === reply.id));
    const next = rows[(at < 0 ? rows.length : at) + step];
    if (next) store.sending.answer(address, next);
    else if (step === 1) store.sending.answerNothing(address);
  };
  const format = (kind: Format) => {
    const area = box.current;
    if (!area) return;
    writeText(
      area,
      formatted({ text: area.value, start: area.selectionStart, end: area.selectionEnd }, kind),
    );
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    paste.onKeyDown(event);
    if (completion.onKeyDown(event)) return;
    const { selectionStart, selectionEnd } = event.currentTarget;
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : null;
    if (step !== null && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      answerBeside(step);
      return;
    }
    if (step === -1 && text === '' && !event.shiftKey && !event.altKey && store.editLast()) {
      event.preventDefault();
      return;
    }
    if (event.key === 'Escape' && reply !== null) {
      event.stopPropagation();
      store.sending.answerNothing(address);
      return;
    }
    const kind = formatOf(event, selectionStart !== selectionEnd);
    if (kind) {
      event.preventDefault();
      event.stopPropagation();
      format(kind);
      return;
    }
    // While an input method composes, Enter chooses a word (229: browsers that say so only by the key code).
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229)
      return;
    event.preventDefault();
    send();
  };
  const line = invalid
    ? say('composer.invalid')
    : over > 0
      ? say('composer.over', { over, limit: LIMITS.bodyBytes / 1_024 })
      : failure
        ? say('composer.kept', { reason: words.failure(failure) })
        : null;
  // Dialogs stand beside the form: what is submitted in them must not send.
  return (
    <>
      <form
        className="composer"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <div className="composer-said" id={said} aria-live="polite">
          {line !== null ? (
            <p className="error" data-testid="composer-failure">
              <CircleAlert size={15} aria-hidden="true" />
              {line}
              {over > 0 && !invalid && (
                <button
                  type="button"
                  className="button small"
                  data-testid="as-file"
                  onClick={() => {
                    const whole = keeper.state.getState().text;
                    void asFile(whole).then((done) => {
                      // Typed meanwhile: it stays.
                      const now = keeper.state.getState().text;
                      if (done) keeper.edit(now.startsWith(whole) ? now.slice(whole.length) : now);
                      box.current?.focus();
                    });
                  }}
                >
                  {say('composer.asFile')}
                </button>
              )}
            </p>
          ) : told !== null ? (
            <p className="fine" data-testid="composer-told">
              {told}
            </p>
          ) : bytes > NEAR * LIMITS.bodyBytes ? (
            <p className="fine">{say('composer.left', { left: -over })}</p>
          ) : null}
        </div>
        {other && <ConflictBar keeper={keeper} other={other} onChosen={() => box.current?.focus()} />}
        {formats && <FormatBar onFormat={format} />}
        {reply !== null && (
          <ReplyBar
            quote={quote}
            name={quote && quote.sender !== '' ? nameOf(quote.sender) : say('app.someone')}
            onOpen={() => quote?.n != null && store.navigation.jumpTo(address, quote.n)}
            onClose={() => {
              store.sending.answerNothing(address);
              box.current?.focus();
            }}
          />
        )}
        {completion.list}
        <ComposerAbove files={files} />
        <VoiceBar address={address} voice={voice} />
        <div className="composer-box" hidden={voice.state.is !== 'resting'}>
          <AttachButton address={address} onDone={() => box.current?.focus()} />
          <button
            type="button"
            className="button icon quiet tool"
            data-testid="format-open"
            aria-label={say('format.bar')}
            aria-expanded={formats}
            title={say('format.bar')}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => setFormats((shown) => !shown)}
          >
            <ALargeSmall size={18} aria-hidden="true" />
          </button>
          <EmojiButton
            title={say('emoji.open')}
            trigger={
              <button
                type="button"
                className="button icon quiet tool"
                data-testid="emoji-open"
                aria-label={say('emoji.open')}
                title={`${say('emoji.open')} (${keysText('emoji')})`}
                aria-keyshortcuts={keysForReaders('emoji')}
              >
                <SmilePlus size={18} aria-hidden="true" />
              </button>
            }
            onPick={(unicode) => {
              const area = box.current;
              if (!area) return;
              const { value, selectionStart: start, selectionEnd: end } = area;
              const caret = start + unicode.length;
              bound.current ??= address.conv;
              writeText(area, {
                text: value.slice(0, start) + unicode + value.slice(end),
                start: caret,
                end: caret,
              });
            }}
          />
          <textarea
            ref={box}
            id={COMPOSER_ID}
            data-testid="composer"
            data-conv={address.conv}
            rows={1}
            dir="auto"
            value={text}
            aria-label={say(self ? 'composer.selfLabel' : 'composer.label', { title })}
            aria-describedby={said}
            aria-invalid={line !== null}
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
            onKeyDown={onKeyDown}
          />
          <button
            type="button"
            className="button icon quiet tool"
            data-testid="earlier-open"
            aria-label={say('draft.earlier')}
            title={say('draft.earlier')}
            onClick={() => setEarlier(true)}
          >
            <History size={18} aria-hidden="true" />
          </button>
          {body === '' && tray.length === 0 && <VoiceButton onBegin={() => void voice.begin()} />}
          <SendButton ready={ready} onSilent={() => send(true)} onLater={() => setAsking('schedule')} />
        </div>
      </form>
      {asking === 'schedule' && (
        <ScheduleDialog
          account={address.account}
          files={tray.length}
          onSchedule={(due, silent, _text, id) => scheduled(id, due, silent)}
          onClose={(due) => {
            setAsking(null);
            if (due !== null) setTold(say('schedule.done', { time: words.moment(due) }));
          }}
        />
      )}
      {asking === 'date' && <DateDialog address={address} onClose={() => setAsking(null)} />}
      <Confirm
        open={asking === 'leave'}
        title={say('command.leaveTitle')}
        description={say('command.leaveLead')}
        action={say('command.leave')}
        dangerous
        testId="confirm-leave"
        onCancel={() => setAsking(null)}
        onConfirm={() => {
          setAsking(null);
          void store.told(store.talk.quit(address));
        }}
      />
      {earlier && <EarlierTexts keeper={keeper} onClose={() => setEarlier(false)} />}
    </>
  );
}
