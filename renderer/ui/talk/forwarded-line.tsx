import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { Forward } from 'lucide-react';
import { useCallback } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';
import { PassingLine } from './passing-line.tsx';

/** Of more conversations than this their number is said. */
const NAMED = 3;

/** That messages of this conversation go on to others, which are not open. */
export function ForwardedLine({ account }: { account: AccountSummary }) {
  const store = useMatchbook();
  const { say, list } = useWords();
  const passed = useStore(store.talk.state, (state) => state.passed);
  const live = useKnown(({ sessions }) => sessions[account.account]?.kind === 'live');
  const forget = useCallback(() => store.talk.forgetPassed(), [store]);
  const { count, titles } = passed ?? { count: 0, titles: [] };
  const to = titles.length > NAMED ? say('forward.toMany', { count: titles.length }) : list(titles);
  return (
    <PassingLine
      what={passed}
      icon={<Forward size={15} aria-hidden="true" />}
      testId="forwarded-line"
      onOver={forget}
    >
      <span>{passed && say(live ? 'forward.done' : 'forward.later', { count, to })}</span>
    </PassingLine>
  );
}
