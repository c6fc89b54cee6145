/**
 * What a window asks first is asked before its scripts are there: their state, the conversations of the account that was shown last, and the newest rows of the one that
 * was open. Each answer is taken once, by exactly the same question, and no answer by whom something changed after it.
 */
import { firstQuestions, keyOf, SETTINGS, STATE } from '@matchbook/protocol/bridge/first-questions';

type Invoke = (name: string, request: unknown) => Promise<unknown>;
type Listen = (event: string, listener: () => void) => void;

/** Answers that nobody took are let go after this time, ms. */
const KEPT = 10_000;
/** Whose answers an event makes old. */
const AGED_BY: Record<string, readonly string[]> = {
  'app.changed': ['app.state'],
  'settings.changed': ['settings.get'],
  'session.changed': ['session.state'],
  'rows.changed': ['conversation.list', 'timeline.page'],
  'outbox.changed': ['timeline.page'],
};

/** As far as it is looked at here. */
interface State {
  ok: boolean;
  value?: { current: string | null; accounts: { account: string; open: string | null }[] };
}

export interface AheadParts {
  invoke: Invoke;
  listen: Listen;
  later(work: () => void, ms: number): void;
  /** The one conversation of a window of its own. */
  only: { account: string; conv: string } | null;
}

/** Asks. @returns what answers in place of main where the question was asked, null where it was not */
export function askAhead({ invoke, listen, later, only }: AheadParts) {
  const answers = new Map<string, { name: string; answer: Promise<unknown> }>();
  const ask = (name: string, request: object): Promise<unknown> => {
    const answer = invoke(name, request);
    answers.set(keyOf(name, request), { name, answer });
    // Whoever takes it hears of a failure; nobody else has to.
    answer.catch(() => {});
    return answer;
  };
  for (const [event, names] of Object.entries(AGED_BY))
    listen(event, () => {
      for (const [key, { name }] of answers) if (names.includes(name)) answers.delete(key);
    });
  later(() => answers.clear(), KEPT);

  void ask(...SETTINGS);
  ask(...STATE).then(
    (outcome) => {
      const { ok, value } = outcome as State;
      if (!ok || !value) return;
      const shown = value.accounts.find(({ account }) => account === (only?.account ?? value.current));
      const { account, open } = shown ?? value.accounts[0] ?? { account: null, open: null };
      if (account === null) return;
      for (const question of firstQuestions(account, only?.conv ?? open)) void ask(...question);
    },
    () => {},
  );

  return (name: string, request: unknown): Promise<unknown> | null => {
    const key = keyOf(name, request);
    const found = answers.get(key);
    answers.delete(key);
    if (!found) return null;
    // What was not answered then may be answered now: a preload is so early that main may not know its page yet.
    return found.answer.then(
      (answer) => (isFailure(answer) ? invoke(name, request) : answer),
      () => invoke(name, request),
    );
  };
}

/** Also of an answer that crosses as a text. */
const isFailure = (answer: unknown): boolean =>
  typeof answer === 'string' ? answer.startsWith('{"ok":false') : (answer as { ok: boolean }).ok === false;
