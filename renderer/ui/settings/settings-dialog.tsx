import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { PreferenceChange } from '@matchbook/protocol/bridge/preferences';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Dialog } from '../base/dialog.tsx';
import { Tabs } from '../base/tabs.tsx';
import { usePeople } from '../people/use-people.ts';
import { usePreferences } from '../use-preferences.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { ROOMS } from './rooms.tsx';
import { findSettings, isThere, ROOM_TITLES, type Setting } from './setting-list.ts';
import './settings.css';

/** What can be chosen, room by room. Everything acts at once; there is nothing to save. */
export default function SettingsDialog() {
  const { preferences } = useMatchbook();
  const { say, failure: failureWords } = useWords();
  const known = usePreferences((state) => state.known);
  const place = usePreferences((state) => state.place);
  const [shown, setShown] = useState(place?.room ?? preferences.state.getState().left);
  const [failure, setFailure] = useState<LocalFailure | null>(null);
  const [typed, setTyped] = useState('');
  useEffect(() => {
    if (place) setShown(place.room);
  }, [place]);
  useEffect(() => preferences.leave(shown), [preferences, shown]);
  useFocusOn(place?.setting ?? null, shown);
  const change = (wanted: PreferenceChange) =>
    void preferences.change(wanted).then((answer) => setFailure(answer.ok ? null : answer.failure));
  const go = ({ room, id }: Setting) => {
    setTyped('');
    preferences.show(true, { room, setting: id });
  };
  const rooms = useRooms();
  const ownServers = useKnown((state) => Boolean(state.app?.embedded));
  const standing = { admin: rooms.some(({ id }) => id === 'server'), ownServers, facts: known?.facts };
  const found = findSettings(typed, say).filter((setting) => isThere(setting, standing));
  const room = rooms.find(({ id }) => id === shown) ?? rooms[0]!;
  return (
    <Dialog
      open
      onClose={() => preferences.show(false)}
      title={say('settings.title')}
      size="rooms"
      testId="settings"
    >
      {failure && (
        <p className="error" role="alert">
          {failureWords(failure)}
        </p>
      )}
      <input
        type="search"
        className="input search"
        data-testid="settings-search"
        aria-label={say('settings.find')}
        placeholder={say('settings.find')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          const [first] = found;
          if (event.key === 'Enter' && first) go(first);
          if (event.key !== 'Escape' || typed === '') return;
          event.stopPropagation();
          setTyped('');
        }}
      />
      <p className="only-read" role="status">
        {typed.trim() === '' ? '' : say('settings.found', { count: found.length })}
      </p>
      {typed.trim() !== '' && (
        <ul className="settings-found" data-testid="settings-found">
          {found.map((setting) => (
            <li key={setting.id}>
              <button type="button" className="menu-item" onClick={() => go(setting)}>
                <span className="menu-words">{say(setting.label)}</span>
                <span className="menu-key">{say(ROOM_TITLES[setting.room])}</span>
              </button>
            </li>
          ))}
          {found.length === 0 && <li className="fine">{say('settings.found', { count: 0 })}</li>}
        </ul>
      )}
      {known && typed.trim() === '' && (
        <Tabs
          layout="side"
          label={say('settings.rooms')}
          value={room.id}
          onChange={setShown}
          tabs={rooms.map(({ id, icon: Icon }) => ({
            value: id as string,
            label: say(ROOM_TITLES[id]),
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

/** Without what is not this person's to see. */
function useRooms() {
  const { people } = useMatchbook();
  const account = useKnown((state) => state.account);
  const admin = usePeople((state) => (account === null ? undefined : state.own[account]?.admin));
  useEffect(() => {
    if (account !== null) void people.own(account);
  }, [people, account]);
  return useMemo(() => ROOMS.filter(({ id }) => id !== 'server' || admin === true), [admin]);
}

/** Who looked for a setting stands before it. */
function useFocusOn(setting: string | null, room: string): void {
  const done = useRef<string | null>(null);
  useEffect(() => {
    const wanted = setting === null ? null : `${room} ${setting}`;
    if (wanted === null || done.current === wanted) return;
    done.current = wanted;
    // Rooms that ask main first are not there yet.
    const look = (tries: number) => {
      const line = document.querySelector<HTMLElement>(`[data-setting="${setting}"]`);
      if (!line) {
        if (tries > 0) requestAnimationFrame(() => look(tries - 1));
        return;
      }
      // A list, of what can be ended or of keys, is stood before as a whole and seen from its beginning.
      const list = line.matches('[tabindex]');
      line.scrollIntoView?.({ block: list ? 'start' : 'center' });
      const control = list ? line : line.querySelector<HTMLElement>('button, input, [tabindex="0"]');
      control?.focus();
    };
    // The dialog gives its own first control the focus before that.
    requestAnimationFrame(() => requestAnimationFrame(() => look(30)));
  }, [setting, room]);
}
