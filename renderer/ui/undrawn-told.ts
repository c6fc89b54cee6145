/** What could not be drawn, for the app's log: where it was, and never an error's message, in which there may be words that somebody wrote. */
import type { Undrawn } from '@matchbook/protocol/bridge/undrawn';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';

/** As react-dom has it: `componentStack` names what was being drawn, the innermost first. */
interface Drawing {
  componentStack?: string | null | undefined;
}

/** Told for one page: what fails a thousand times, once a row, is as well known after a few. */
const TOLD = 20;
const LINES = 20;
/** Of a line of a stack. */
const LENGTH = 200;

/** What react-dom calls when drawing fails; the console has it whole, as before. */
export function toldUndrawn(bridge: Pick<WindowBridge, 'call'>) {
  const told = new Set<string>();
  const tell = (error: unknown, drawing: Drawing) => {
    const what = undrawnOf(error, drawing);
    const key = JSON.stringify(what);
    if (told.size >= TOLD || told.has(key)) return;
    told.add(key);
    void bridge.call('app.undrawn', what);
  };
  return {
    onCaughtError(error: unknown, drawing: Drawing): void {
      console.error(error);
      tell(error, drawing);
    },
    onUncaughtError(error: unknown, drawing: Drawing): void {
      reportError(error);
      tell(error, drawing);
    },
  };
}

function undrawnOf(error: unknown, { componentStack }: Drawing): Undrawn {
  const { name, message, stack = '' } = error instanceof Error ? error : { name: typeof error, message: '' };
  // The built react-dom has numbers for its messages.
  const [, number] = /^Minified React error #(\d+)/.exec(message) ?? [];
  // A message may have lines that look like places.
  const head = `${name}: ${message}`;
  return {
    error: number === undefined ? name.slice(0, 60) : `React ${number}`,
    at: linesOf(stack.startsWith(head) ? stack.slice(head.length) : stack, /^at .*:\d+:\d+\)?$/),
    within: linesOf(componentStack ?? '', /^at \S+( \(.*\))?$/),
  };
}

const linesOf = (stack: string, shape: RegExp): string[] =>
  stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => shape.test(line))
    .slice(0, LINES)
    .map((line) => line.replace('at ', '').replace('app://matchbook/', '').slice(0, LENGTH));
