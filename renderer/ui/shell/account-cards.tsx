import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { RefusedCard } from '../accounts/refused-card.tsx';
import { StoppedCard } from '../accounts/stopped-card.tsx';
import { StoreFaultCard } from '../accounts/store-fault-card.tsx';
import { SignInAgain } from '../onboarding/sign-in-again.tsx';
import { useKnown } from '../use-store.ts';

/** What keeps the account from connecting until the person has done something about it. */
export function AccountCards({ account }: { account: AccountSummary }) {
  const signedOut = useKnown((state) => state.sessions[account.account]?.kind === 'needs-sign-in');
  const copy = account.standing === 'copied' || account.standing === 'elsewhere';
  // Before its files are open there is nothing else to decide.
  if (account.fault) return <StoreFaultCard account={account.account} fault={account.fault} />;
  return (
    <>
      <RefusedCard account={account} />
      {copy && <StoppedCard account={account} />}
      {(signedOut || (copy && !account.keyed)) && <SignInAgain account={account} />}
    </>
  );
}
