/** What the window would ask first if the app was started again now: kept as the app ends, for the next start (first-answers.ts). */
import { PACKED } from '@matchbook/protocol/bridge/app';
import {
  firstQuestions,
  type Question,
  questionsOfScripts,
  SETTINGS,
  STATE,
} from '@matchbook/protocol/bridge/first-questions';
import type { AppState } from '@matchbook/protocol/bridge/views';
import type { SessionState } from '@matchbook/protocol/session-state';
import type { WindowHandlers } from '../bridge/bridge.ts';
import { askForLast } from '../windows/first-answers.ts';
import type { Desktop } from './parts.ts';

type Ask = (request: object, sender: number) => unknown;

/** Whoever asks is no page. */
const NOBODY = -1;

/** How the conversation would open, as far as what is asked depends on it. */
export interface LastPlace {
  account: string;
  conv: string;
  unread: number;
  readN: number;
}

/** @returns null where there is no conversation to begin with */
export async function lastPlace(desktop: Desktop, answers: WindowHandlers): Promise<LastPlace | null> {
  const { accounts } = desktop;
  const view = desktop.state();
  const shown = view.accounts.find(({ account }) => account === view.current) ?? view.accounts[0];
  if (!shown || shown.open === null) return null;
  if (accounts.standing(shown.account) !== 'active' || accounts.faultOf(shown.account)) return null;
  const { account, open: conv } = shown;
  try {
    const [[row], { readN }] = await Promise.all([
      answers['conversation.list']({ account, convs: [conv] }, NOBODY),
      answers['timeline.page']({ account, conv, limit: 1 }, NOBODY),
    ]);
    return row ? { account, conv, unread: row.unread, readN } : null;
  } catch {
    // The store has other troubles; the next start waits for it.
    return null;
  }
}

/** In the turn in which the store is closed. @returns keeps what is asked there, once it is */
export function lastView(
  desktop: Desktop,
  answers: WindowHandlers,
  { account, conv, unread, readN }: LastPlace,
): () => Promise<void> {
  const { launch, state } = desktop;
  // No server of one's own runs before a start, and no session.
  const view: AppState = { ...state(), embedded: null };
  const idle: SessionState = { kind: 'idle' };
  const questions: Question[] = [
    ...[SETTINGS, STATE],
    ...firstQuestions(account, conv),
    ...questionsOfScripts(account, conv, unread, readN),
  ];
  const asked = async (name: string, request: object): Promise<unknown> => {
    if (name === STATE[0]) return view;
    if (name === 'session.state') return idle;
    return (answers as unknown as Record<string, Ask>)[name]!(request, NOBODY);
  };
  const keep = askForLast({
    ...{ profile: launch.profile, out: launch.out, account, questions },
    ask: async (name, request) => {
      const answer = { ok: true, value: await asked(name, request) };
      return PACKED.has(name) ? JSON.stringify(answer) : answer;
    },
  });
  return () => keep().catch((error: unknown) => desktop.log(`first answers: ${error}`));
}
