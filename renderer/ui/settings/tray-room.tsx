import { useWords } from '../../i18n/words.tsx';
import { Switch } from '../base/switch.tsx';
import type { RoomProps } from './room.ts';

/** Only what this desktop has: without a tray nothing would lead back to a hidden app. */
export function TrayRoom({ known, change }: RoomProps) {
  const { say } = useWords();
  const { tray, facts } = known;
  if (!facts.tray)
    return (
      <p className="fine" data-testid="no-tray">
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
        testId="tray-show"
      />
      {facts.platform !== 'darwin' && (
        <Switch
          label={say('tray.hide')}
          hint={say('tray.hideHint')}
          checked={tray.hideOnClose && tray.show}
          disabled={!tray.show}
          onChange={(hideOnClose) => change({ tray: { hideOnClose } })}
          testId="tray-hide"
        />
      )}
    </>
  );
}
