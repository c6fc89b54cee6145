/** A recording with the microphone: sound in pieces, and how loud it was while it was made. */
import { LEVEL_EVERY, waveformOf } from '@matchbook/protocol/waveform';

/** The longest; then it stops by itself, ms. */
export const LONGEST = 15 * 60_000;
const FORMATS = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/webm'];

export interface Recorded {
  sound: Blob;
  /** ms */
  duration: number;
  waveform: number[];
}

export class Recording {
  readonly #recorder: MediaRecorder;
  readonly #stream: MediaStream;
  readonly #context: AudioContext;
  readonly #timer: number;
  readonly #levels: number[] = [];
  readonly #pieces: Blob[] = [];
  /** Comes after the last piece; also where the recorder ends by itself, because nothing is left to record. */
  readonly #stopped: Promise<void>;
  /** Values of loudness that went with a piece. */
  #kept = 0;
  readonly #begun = performance.now();
  /** When the microphone went away; null while it is there. */
  #lost: number | null = null;

  /**
   * @param heard called with each new value of loudness, 0 to 255
   * @param keep called with each piece, and the loudness in it
   * @param lost called once where the microphone goes away: nothing more is recorded
   * @throws DOMException where there is no microphone, it may not be used or its sound cannot be recorded
   */
  static async begin(
    heard: (level: number, ms: number) => void,
    keep: (piece: Blob, levels: readonly number[]) => void,
    lost: () => void,
  ): Promise<Recording> {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true },
    });
    let recording: Recording | null = null;
    try {
      recording = new Recording(stream, heard, keep, lost);
      recording.#recorder.start(1_000);
      return recording;
    } catch (error) {
      // Nobody else would let go of the microphone.
      for (const track of stream.getTracks()) track.stop();
      recording?.discard();
      throw error;
    }
  }

  private constructor(
    stream: MediaStream,
    heard: (level: number, ms: number) => void,
    keep: (piece: Blob, levels: readonly number[]) => void,
    lost: () => void,
  ) {
    this.#stream = stream;
    const mimeType = FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
    this.#recorder = new MediaRecorder(stream, {
      ...(mimeType ? { mimeType } : {}),
      audioBitsPerSecond: 32_000,
    });
    this.#stopped = new Promise((resolve) => {
      this.#recorder.onstop = () => resolve();
    });
    this.#recorder.ondataavailable = ({ data }) => {
      if (data.size === 0) return;
      this.#pieces.push(data);
      keep(data, this.#levels.slice(this.#kept));
      this.#kept = this.#levels.length;
    };
    this.#context = new AudioContext();
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 2_048;
    this.#context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = window.setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const level = loudness(samples);
      const ms = performance.now() - this.#begun;
      fillLevels(this.#levels, level, ms);
      heard(level, ms);
    }, LEVEL_EVERY);
    // Unplugged, or taken away by the person in the system's settings.
    for (const track of stream.getTracks())
      track.addEventListener('ended', () => {
        this.#lost ??= performance.now();
        lost();
      });
  }

  async stop(): Promise<Recorded> {
    const duration = Math.round((this.#lost ?? performance.now()) - this.#begun);
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    await this.#stopped;
    this.#release();
    fillLevels(this.#levels, this.#levels.at(-1) ?? 0, duration);
    const sound = new Blob(this.#pieces, { type: this.#recorder.mimeType });
    return { sound, duration, waveform: waveformOf(this.#levels) };
  }

  discard(): void {
    this.#recorder.ondataavailable = null;
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    this.#release();
  }

  #release(): void {
    window.clearInterval(this.#timer);
    for (const track of this.#stream.getTracks()) track.stop();
    void this.#context.close().catch(() => {});
  }
}

/** A page that was busy asks late: what it hears then stands for all the time since it asked last, so that each value is that of its moment. @param ms since the first */
export function fillLevels(levels: number[], level: number, ms: number): void {
  const due = Math.round(Math.min(ms, LONGEST) / LEVEL_EVERY);
  while (levels.length < due) levels.push(level);
}

/** Of samples −1 to 1, as it is heard: decibels from −50 to 0 over 0 to 255. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 20 * Math.log10(Math.sqrt(sum / Math.max(1, samples.length)) || 1e-9);
  return Math.round(Math.min(1, Math.max(0, (decibels + 50) / 50)) * 255);
}
