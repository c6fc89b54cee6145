import { useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Switch } from '../base/switch.tsx';
import { useMatchbook } from '../use-store.ts';
import type { RoomProps } from './room.ts';

export function TrayRoom(props: RoomProps) {
  const { say } = useWords();
  return (
    <>
      <AtLogin atLogin={props.known.facts.atLogin} />
      <Switch
        label={say('windows.restore')}
        hint={say('windows.restoreHint')}
        checked={props.known.start.restoreWindows}
        onChange={(restoreWindows) => props.change({ start: { restoreWindows } })}
        setting="restore-windows"
        testId="restore-windows"
      />
      <Tray {...props} />
    </>
  );
}

/** Not offered where the system cannot be asked. */
function AtLogin({ atLogin }: { atLogin: boolean | null }) {
  const { preferences } = useMatchbook();
  const { say, failure } = useWords();
  const [trouble, setTrouble] = useState<string | null>(null);
  if (atLogin === null) return null;
  const choose = async (on: boolean) => {
    const answer = await preferences.openAtLogin(on);
    setTrouble(answer.ok ? null : failure(answer.failure));
  };
  return (
    <>
      <Switch
        label={say('windows.login')}
        hint={say('windows.loginHint')}
        checked={atLogin}
        onChange={(on) => void choose(on)}
        setting="at-login"
        testId="at-login"
      />
      {trouble && (
        <p className="error" role="alert">
          {trouble}
        </p>
      )}
    </>
  );
}

/** Only what this desktop has: without a tray nothing would lead back to a hidden app. */
function Tray({ known, change }: RoomProps) {
  const { say } = useWords();
  const { tray, facts } = known;
  if (!facts.tray)
    return (
      <p className="fine" data-setting="tray" data-testid="no-tray">
        {say('tray.none')}
      </p>
    );
  return (
    <>
      <Switch
        label={say('tray.show')}
        hint={say('tray.showHint')}
        checked={tray.show}
        onChange={(show) => change({ tray: { show } })}
        setting="tray"
        testId="tray-show"
      />
      {facts.platform !== 'darwin' && (
        <Switch
          label={say('tray.hide')}
          hint={say('tray.hideHint')}
          checked={tray.hideOnClose && tray.show}
          disabled={!tray.show}
          onChange={(hideOnClose) => change({ tray: { hideOnClose } })}
          setting="tray-hide"
          testId="tray-hide"
        />
      )}
    </>
  );
}
