import type { PreferenceChange } from '@matchbook/protocol/bridge/preferences';
import type { KnownPreferences } from '../../store/preference-keeper.ts';

/** What every section of the settings gets. */
export interface RoomProps {
  known: KnownPreferences;
  /** Takes some fields into effect; what goes wrong is shown by the dialog. */
  change: (change: PreferenceChange) => void;
}
