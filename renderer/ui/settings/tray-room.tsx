import { useWords } from '../../i18n/words.tsx';
import { Switch } from '../base/switch.tsx';
import type { RoomProps } from './room.ts';

export function TrayRoom(props: RoomProps) {
  const { say } = useWords();
  return (
    <>
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
