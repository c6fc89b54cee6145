import type { FileReference } from '@matchbook/protocol/message-body';
import { Pause, Play } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { FileName } from './file-name.tsx';
import { begins, ends } from './heard.ts';
import { Missing } from './missing.tsx';
import { useQuantities } from './quantities.ts';
import { useShown } from './use-shown.ts';

const SPEEDS = [1, 1.5, 2] as const;
/** One key, ms. */
const STEP = 5_000;
/** What a recorder wrote says no length; asking for a place far behind its end finds it. */
const FAR = 1e7;

/** As fast as the last one: nobody chooses it anew for each message. For as long as the window lives. */
let lastSpeed = 1;

/** Sound with a position, a speed, and for voice messages its loudness. */
export function SoundPlayer(props: {
  account: string;
  file: Pick<FileReference, 'hash' | 'name' | 'duration' | 'waveform'>;
  url: string;
}) {
  const { account, file, url } = props;
  const { say } = useWords();
  const { length } = useQuantities();
  const { attempt, state, missing, retry } = useShown(account);
  const audio = useRef<HTMLAudioElement>(null);
  const [runs, setRuns] = useState(false);
  const [at, setAt] = useState(0);
  const [known, setKnown] = useState(file.duration ?? 0);
  const [speed, setSpeed] = useState(lastSpeed);

  useEffect(() => {
    const element = audio.current;
    return () => ends(element);
  }, []);

  const toggle = () => {
    const element = audio.current;
    if (!element) return;
    if (!element.paused) {
      element.pause();
      return;
    }
    begins(element);
    // Another one was begun before it could.
    element.play().catch((error: DOMException) => error.name !== 'AbortError' && missing());
  };
  const seek = (ms: number) => {
    const element = audio.current;
    if (!element || known === 0) return;
    const place = Math.min(Math.max(0, ms), known);
    element.currentTime = place / 1_000;
    setAt(place);
  };
  const cycle = () => {
    const next = SPEEDS[(SPEEDS.indexOf(speed as (typeof SPEEDS)[number]) + 1) % SPEEDS.length]!;
    setSpeed(next);
    lastSpeed = next;
    if (audio.current) audio.current.playbackRate = next;
  };
  if (state === 'missing') return <Missing account={account} hash={file.hash} onRetry={retry} />;
  const part = known === 0 ? 0 : Math.min(1, at / known);
  return (
    <div className="sound" data-testid={file.waveform ? 'voice' : 'sound'}>
      <button
        type="button"
        className="button icon primary sound-play"
        aria-label={say(runs ? 'files.stop' : 'files.play')}
        onClick={toggle}
      >
        {runs ? <Pause size={18} aria-hidden="true" /> : <Play size={18} aria-hidden="true" />}
      </button>
      <div className="sound-middle">
        {!file.waveform && <FileName name={file.name} className="sound-name" />}
        <Track
          waveform={file.waveform ?? null}
          part={part}
          label={
            file.waveform
              ? say('files.voice', { length: length(known) })
              : say('files.sound', { name: file.name })
          }
          text={say('files.positionAt', { at: length(at), length: length(known) })}
          now={Math.round(at)}
          most={known}
          onSeek={seek}
        />
      </div>
      <span className="sound-time">{length(at > 0 || runs ? at : known)}</span>
      <button
        type="button"
        className="button small sound-speed"
        aria-label={say('files.speed', { speed })}
        onClick={cycle}
      >
        {speed}×
      </button>
      {/* biome-ignore lint/a11y/useMediaCaption: what people say to each other has none */}
      <audio
        key={attempt}
        ref={audio}
        src={url}
        preload="none"
        onPlay={({ currentTarget }) => {
          currentTarget.playbackRate = lastSpeed;
          setSpeed(lastSpeed);
          setRuns(true);
        }}
        onPause={({ currentTarget }) => {
          ends(currentTarget);
          setRuns(false);
        }}
        onEnded={() => {
          setRuns(false);
          setAt(0);
        }}
        onTimeUpdate={({ currentTarget }) => {
          if (currentTarget.currentTime < FAR / 10) setAt(currentTarget.currentTime * 1_000);
        }}
        onLoadedMetadata={({ currentTarget }) => {
          currentTarget.playbackRate = speed;
          if (Number.isFinite(currentTarget.duration)) setKnown(currentTarget.duration * 1_000);
        }}
        onError={missing}
      />
    </div>
  );
}

/** The position as a slider: arrows, Home, End, a click or a drag. */
function Track(props: {
  waveform: readonly number[] | null;
  part: number;
  label: string;
  text: string;
  now: number;
  most: number;
  onSeek: (ms: number) => void;
}) {
  const { waveform, part, label, text, now, most, onSeek } = props;
  const onKeyDown = (event: KeyboardEvent) => {
    const back = document.documentElement.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
    const places: Record<string, number> = {
      [back]: now - STEP,
      [back === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft']: now + STEP,
      Home: 0,
      End: most,
    };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onSeek(place);
  };
  const onPointer = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    else if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - left) / Math.max(1, width);
    onSeek((document.documentElement.dir === 'rtl' ? 1 - share : share) * most);
  };
  return (
    <div
      className={waveform ? 'track track-wave' : 'track'}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.round(most)}
      aria-valuenow={now}
      aria-valuetext={text}
      onKeyDown={onKeyDown}
      onPointerDown={onPointer}
      onPointerMove={onPointer}
    >
      {waveform ? <Wave levels={waveform} part={part} /> : <span className="track-line" />}
      {!waveform && <span className="track-done" style={{ inlineSize: `${part * 100}%` }} />}
    </div>
  );
}

/** Loudness over time. */
export function Wave({ levels, part }: { levels: readonly number[]; part: number }) {
  return (
    <span className="wave" aria-hidden="true">
      {levels.map((level, i) => (
        <span
          key={i}
          className={(i + 0.5) / levels.length <= part ? 'bar bar-done' : 'bar'}
          style={{ blockSize: `${Math.max(8, (level / 255) * 100)}%` }}
        />
      ))}
    </span>
  );
}
