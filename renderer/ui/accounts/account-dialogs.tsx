import { lazy, Suspense } from 'react';
import { usePanels } from '../people/use-people.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { SignOutDialog } from './sign-out-dialog.tsx';

const ExportDialog = lazy(async () => {
  const { ExportDialog: loaded } = await import('../export/export-dialog.tsx');
  return { default: loaded };
});

/** Whatever dialog about an account is open: from its menu, or from the quick switcher. */
export function AccountDialogs() {
  const { panels } = useMatchbook();
  const dialog = usePanels((state) => state.dialog);
  const accounts = useKnown((state) => state.app?.accounts);
  if (dialog?.kind !== 'export' && dialog?.kind !== 'sign-out') return null;
  const account = accounts?.find((one) => one.account === dialog.account);
  if (!account) return null;
  const close = () => panels.open(null);
  return dialog.kind === 'sign-out' ? (
    <SignOutDialog account={account} onClose={close} />
  ) : (
    <Suspense fallback={null}>
      <ExportDialog account={account} onClose={close} />
    </Suspense>
  );
}
