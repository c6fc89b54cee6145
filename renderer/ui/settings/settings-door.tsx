import { lazy, Suspense } from 'react';
import { usePreferences } from '../use-preferences.ts';

const SettingsDialog = lazy(() => import('./settings-dialog.tsx'));

/** The settings are loaded when somebody opens them. */
export function SettingsDoor() {
  const open = usePreferences((state) => state.open);
  return open ? (
    <Suspense>
      <SettingsDialog />
    </Suspense>
  ) : null;
}
