import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { PreferenceChange } from '@matchbook/protocol/bridge/preferences';
import { useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Dialog } from '../base/dialog.tsx';
import { Tabs } from '../base/tabs.tsx';
import { usePreferences } from '../use-preferences.ts';
import { useMatchbook } from '../use-store.ts';
import { ROOMS } from './rooms.tsx';

/** What can be chosen, room by room. Everything acts at once; there is nothing to save. */
export function SettingsDialog() {
  const { preferences } = useMatchbook();
  const { say, failure: failureWords } = useWords();
  const open = usePreferences((state) => state.open);
  const known = usePreferences((state) => state.known);
  const [shown, setShown] = useState('notifications');
  const [failure, setFailure] = useState<LocalFailure | null>(null);
  // By key also where there is no menu to have it.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== ',' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      preferences.show(true);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [preferences]);
  const change = (wanted: PreferenceChange) =>
    void preferences.change(wanted).then((answer) => setFailure(answer.ok ? null : answer.failure));
  const room = ROOMS.find(({ id }) => id === shown) ?? ROOMS[0]!;
  return (
    <Dialog
      open={open}
      onClose={() => preferences.show(false)}
      title={say('settings.title')}
      size="wide"
      testId="settings"
    >
      {failure && (
        <p className="error" role="alert">
          {failureWords(failure)}
        </p>
      )}
      {known && (
        <Tabs
          layout="side"
          label={say('settings.rooms')}
          value={room.id}
          onChange={setShown}
          tabs={ROOMS.map(({ id, title, icon: Icon }) => ({
            value: id,
            label: say(title),
            icon: <Icon size={16} aria-hidden="true" />,
            testId: `settings-${id}`,
          }))}
        >
          <room.Content known={known} change={change} />
        </Tabs>
      )}
    </Dialog>
  );
}
