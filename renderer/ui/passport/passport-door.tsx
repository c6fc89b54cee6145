import { type ComponentProps, lazy, Suspense } from 'react';

const PassportDialog = lazy(async () => {
  const { PassportDialog: loaded } = await import('./passport-dialog.tsx');
  return { default: loaded };
});

/** Where a message is and how it came there is loaded when somebody asks. */
export function PassportDoor(props: ComponentProps<typeof PassportDialog>) {
  return (
    <Suspense>
      <PassportDialog {...props} />
    </Suspense>
  );
}
