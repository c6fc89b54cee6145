import { ArrowUp, CircleAlert, Mic, Square, Trash2 } from 'lucide-react';
import { memo, useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { focusComposer } from '../composer/focus-composer.ts';
import { useMatchbook } from '../use-store.ts';
import { hush } from './heard.ts';
import { useQuantities } from './quantities.ts';
import { LONGEST, type Recorded, Recording } from './recorder.ts';
import { SoundPlayer, Wave } from './sound-player.tsx';

/** Values of loudness that the live picture has. */
const SHOWN = 40;

type State =
  | { is: 'resting' }
  /** `why` null: it holds nothing. */
  | { is: 'failed'; why: DOMException | null }
  | { is: 'recording'; id: string; recording: Recording; levels: number[]; ms: number }
  | { is: 'listening'; id: string; recorded: Recorded; url: string; lost: boolean };

/** The button that records, and in the place of the composer's text what it recorded. `send` gets what is to be sent, `keep` what was recorded when the conversation was left. */
export function useVoice({
  address,
  send: onSend,
  keep,
}: {
  address: Address;
  send: (recorded: Recorded, id: string) => void;
  keep: (recorded: Recorded, id: string) => void;
}) {
  const store = useMatchbook();
  const [state, setState] = useState<State>({ is: 'resting' });
  const now = useRef(state);
  now.current = state;
  const beginning = useRef(false);
  const gone = useRef(false);
  /** The recording that comes to its end. */
  const ending = useRef<string | null>(null);

  /** @param sent it has another place now */
  const rest = (sent = false) => {
    const before = now.current;
    if (before.is === 'resting') return;
    if (before.is !== 'failed' && !sent) void store.files.discardRecording(address.account, before.id);
    if (before.is === 'recording') before.recording.discard();
    if (before.is === 'listening') URL.revokeObjectURL(before.url);
    void store.files.microphone(false);
    setState({ is: 'resting' });
  };
  const begin = async () => {
    if (beginning.current || now.current.is === 'recording' || now.current.is === 'listening') return;
    beginning.current = true;
    try {
      // It would be heard in what is said.
      hush();
      await store.files.microphone(true);
      const id = crypto.randomUUID();
      const recording = await Recording.begin(
        (level, ms) => {
          if (ms > LONGEST) void stop();
          else
            setState((before) =>
              before.is === 'recording'
                ? { ...before, ms, levels: [...before.levels, level].slice(-SHOWN) }
                : before,
            );
        },
        (piece, levels) => void store.files.record(address, id, piece, levels),
        () => void stop(true),
      );
      // The person looked at something else while the system asked them.
      if (gone.current) {
        recording.discard();
        void store.files.discardRecording(address.account, id);
        void store.files.microphone(false);
      } else setState({ is: 'recording', id, recording, levels: [], ms: 0 });
    } catch (error) {
      void store.files.microphone(false);
      setState({ is: 'failed', why: error as DOMException });
    } finally {
      beginning.current = false;
    }
  };
  /** @param lost by itself: the microphone went away */
  const stop = async (lost = false): Promise<Recorded | null> => {
    const before = now.current;
    if (before.is !== 'recording' || ending.current === before.id) return null;
    ending.current = before.id;
    const recorded = await before.recording.stop();
    // Discarded meanwhile, or kept because the person went elsewhere.
    if (gone.current || now.current.is !== 'recording' || now.current.id !== before.id) return null;
    void store.files.microphone(false);
    if (recorded.sound.size === 0) {
      void store.files.discardRecording(address.account, before.id);
      setState({ is: 'failed', why: null });
      return null;
    }
    const url = URL.createObjectURL(recorded.sound);
    setState({ is: 'listening', id: before.id, recorded, url, lost });
    return recorded;
  };
  const send = async () => {
    const before = now.current;
    if (before.is !== 'listening' && before.is !== 'recording') return;
    const recorded = before.is === 'listening' ? before.recorded : await stop();
    if (!recorded) return;
    rest(true);
    onSend(recorded, before.id);
  };
  // Another conversation: what was recorded for this one is not sent there.
  /** Nothing that was said is lost because somebody looks at something else. */
  const leave = () => {
    const before = now.current;
    if (before.is === 'recording')
      void before.recording.stop().then((recorded) => {
        if (recorded.sound.size > 0) keep(recorded, before.id);
        else void store.files.discardRecording(address.account, before.id);
      });
    if (before.is === 'listening') {
      keep(before.recorded, before.id);
      URL.revokeObjectURL(before.url);
    }
    if (before.is !== 'resting') void store.files.microphone(false);
  };
  const end = useRef(leave);
  end.current = leave;
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      end.current();
    };
  }, []);
  return { state, begin, stop, send, rest };
}

export const VoiceButton = memo(function VoiceButton({ onBegin }: { onBegin: () => void }) {
  const { say } = useWords();
  return (
    <button
      type="button"
      className="button icon quiet voice-button"
      data-testid="voice-record"
      aria-label={say('voice.record')}
      title={say('voice.record')}
      onClick={onBegin}
    >
      <Mic size={18} aria-hidden="true" />
    </button>
  );
});

export function VoiceBar({ address, voice }: { address: Address; voice: ReturnType<typeof useVoice> }) {
  const { say } = useWords();
  const { length } = useQuantities();
  const { state, stop, send, rest } = voice;
  const first = useRef<HTMLButtonElement>(null);
  const before = useRef(state.is);
  useEffect(() => {
    if (state.is !== 'resting') first.current?.focus();
    // What had the focus is gone: one goes on where one writes.
    else if (before.current !== 'resting') focusComposer();
    before.current = state.is;
  }, [state.is]);
  if (state.is === 'resting') return null;
  const wordsOf = (why: DOMException | null) => {
    if (why === null) return say('voice.nothing');
    if (why.name === 'NotAllowedError') return say('voice.refused');
    return why.name === 'NotFoundError' ? say('voice.none') : say('voice.failed', { message: why.message });
  };
  if (state.is === 'failed')
    return (
      <div className="voice-bar" role="alert" data-testid="voice-failed">
        <p className="error">
          <CircleAlert size={15} aria-hidden="true" />
          {wordsOf(state.why)}
        </p>
        <button ref={first} type="button" className="button small" onClick={() => rest()}>
          {say('base.close')}
        </button>
      </div>
    );
  return (
    <fieldset
      className="voice-bar"
      data-testid="voice-bar"
      aria-label={say('voice.record')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') rest();
      }}
    >
      <button
        type="button"
        className="button icon quiet"
        aria-label={say('voice.discard')}
        title={say('voice.discard')}
        data-testid="voice-discard"
        onClick={() => rest()}
      >
        <Trash2 size={18} aria-hidden="true" />
      </button>
      {state.is === 'recording' ? (
        <>
          <span
            className="voice-live"
            role="timer"
            aria-label={say('voice.recording', { length: length(state.ms) })}
          >
            <span className="voice-dot" aria-hidden="true" />
            {length(state.ms)}
          </span>
          <Wave levels={[...Array<number>(SHOWN - state.levels.length).fill(0), ...state.levels]} part={1} />
          <button
            ref={first}
            type="button"
            className="button icon"
            aria-label={say('voice.stop')}
            title={say('voice.stop')}
            data-testid="voice-stop"
            onClick={() => void stop()}
          >
            <Square size={16} aria-hidden="true" />
          </button>
        </>
      ) : (
        <>
          <SoundPlayer
            account={address.account}
            file={{
              ...{ hash: '', name: '', duration: state.recorded.duration, waveform: state.recorded.waveform },
            }}
            url={state.url}
          />
          {state.lost && (
            <p className="fine voice-lost" role="status" data-testid="voice-lost">
              {say('voice.unplugged')}
            </p>
          )}
        </>
      )}
      <button
        ref={state.is === 'listening' ? first : undefined}
        type="button"
        className="button icon primary send"
        aria-label={say('voice.send')}
        title={say('voice.send')}
        data-testid="voice-send"
        onClick={() => void send()}
      >
        <ArrowUp size={18} aria-hidden="true" />
      </button>
    </fieldset>
  );
}
