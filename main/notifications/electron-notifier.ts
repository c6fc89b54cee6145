/** Notifications as Electron shows them: macOS with a reply field and "mark as read", Windows likewise from the versions that have them. */
import type { ShowAnswer } from '@matchbook/protocol/bridge/notifications';
import { words } from '../words/words.ts';
import type { Act, Notice, Notifier } from './notifier.ts';

/** What we use of Electron's `Notification`. */
export interface Shown {
  show(): void;
  close(): void;
  on(event: string, listener: (event: unknown, detail?: unknown) => void): unknown;
}
export interface ShownOptions {
  title: string;
  body: string;
  silent: boolean;
  hasReply: boolean;
  replyPlaceholder: string;
  actions: { type: 'button'; text: string }[];
}

export interface ElectronNotifierParts {
  isSupported(): boolean;
  make(options: ShownOptions): Shown;
  platform: NodeJS.Platform;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

/** A desktop that has said nothing by now has taken it, ms: not every version tells. */
const PATIENCE = 3_000;

export class ElectronNotifier implements Notifier {
  readonly #parts: ElectronNotifierParts;
  /** Held, or their clicks would be collected with them. */
  readonly #shown = new Map<string, Shown>();
  #act: (tag: string, act: Act) => void = () => {};

  constructor(parts: ElectronNotifierParts) {
    this.#parts = parts;
  }

  onAct(listener: (tag: string, act: Act) => void): void {
    this.#act = listener;
  }

  show({ tag, title, body, sound, answerable }: Notice): Promise<ShowAnswer> {
    const { isSupported, make, platform, setTimer } = this.#parts;
    if (!isSupported())
      return Promise.resolve({ kind: 'unsupported', message: 'This system shows no notifications.' });
    this.withdraw(tag);
    const buttons = answerable && (platform === 'darwin' || platform === 'win32');
    return new Promise((resolve) => {
      let one: Shown;
      try {
        one = make({
          ...{ title, body, silent: sound !== 'system', hasReply: buttons, replyPlaceholder: words.reply },
          actions: buttons ? [{ type: 'button', text: words.markRead }] : [],
        });
      } catch (error) {
        resolve({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
        return;
      }
      this.#shown.set(tag, one);
      const mine = () => this.#shown.get(tag) === one;
      const gone = (act: Act) => {
        if (!mine()) return;
        this.#shown.delete(tag);
        this.#act(tag, act);
      };
      const late = setTimer(() => resolve({ kind: 'shown', service: null }), PATIENCE);
      const answer = (answered: ShowAnswer) => {
        late.cancel();
        resolve(answered);
      };
      one.on('show', () => answer({ kind: 'shown', service: null }));
      one.on('failed', (_event, message) => {
        if (mine()) this.#shown.delete(tag);
        answer({ kind: 'failed', message: String(message) });
      });
      one.on('click', () => gone({ kind: 'open' }));
      // The text is the second argument, or in newer versions a field of the event.
      one.on('reply', (event, text) =>
        gone({ kind: 'reply', text: String(text ?? (event as { reply?: unknown }).reply ?? '') }),
      );
      one.on('action', () => gone({ kind: 'mark-read' }));
      one.on('close', () => gone({ kind: 'dismissed' }));
      one.show();
    });
  }

  withdraw(tag: string): void {
    const one = this.#shown.get(tag);
    // First forgotten: its `close` is ours, and no act of the person.
    this.#shown.delete(tag);
    one?.close();
  }
}
