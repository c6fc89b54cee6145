import type { AdminUser } from '@matchbook/protocol/http/admin';
import { Ban, DoorOpen, LogOut, MonitorSmartphone, MoreHorizontal, Shield, ShieldOff } from 'lucide-react';
import { useCallback, useDeferredValue, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Avatar } from '../avatar.tsx';
import { Confirm, Dialog } from '../base/dialog.tsx';
import { Menu, MenuItem, MenuSeparator } from '../base/menu.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';
import { pages } from './paged.ts';
import { Problem } from './problem.tsx';
import { useAnswer } from './use-answer.ts';

/** Everybody with an account: their devices, whether they are admins, and the door. */
export function ServerPeople({ account }: { account: string }) {
  const { admin } = useMatchbook();
  const { say, moment, bytes } = useWords();
  const me = useKnown((state) => state.app?.accounts.find((one) => one.account === account)?.user);
  const [query, setQuery] = useState('');
  const [count, setCount] = useState(1);
  const [closing, setClosing] = useState<AdminUser | null>(null);
  const [devices, setDevices] = useState<AdminUser | null>(null);
  const asked = useDeferredValue(query.trim());
  const answer = useAnswer(
    useCallback(
      () => pages((offset) => admin.users(account, asked, offset), count),
      [admin, account, asked, count],
    ),
  );
  return (
    <div className="server-part">
      <input
        type="search"
        className="input"
        aria-label={say('server.find')}
        placeholder={say('server.find')}
        value={query}
        maxLength={80}
        onChange={(event) => setQuery(event.target.value)}
      />
      <Problem answer={answer} />
      <ul className="server-list">
        {answer.value?.items.map((user) => (
          <li key={user.user} data-testid="server-user" data-user={user.user}>
            <Avatar id={user.user} name={user.name} />
            <span className="server-words">
              <bdi>{user.name}</bdi>
              <small>
                {[
                  ...(user.disabledAt === null
                    ? []
                    : [say('server.closed', { time: moment(user.disabledAt) })]),
                  ...(user.admin ? [say('server.admin')] : []),
                  say('server.user', { sessions: user.sessions, size: bytes(user.fileBytes) }),
                  ...(user.lastSeen === null ? [] : [say('server.seen', { time: moment(user.lastSeen) })]),
                ].join(' · ')}
              </small>
            </span>
            <Menu
              trigger={
                <button
                  type="button"
                  className="button icon quiet small"
                  data-testid="server-user-menu"
                  aria-label={say('server.menu', { name: user.name })}
                >
                  <MoreHorizontal size={16} aria-hidden="true" />
                </button>
              }
            >
              <MenuItem icon={<MonitorSmartphone size={14} />} onSelect={() => setDevices(user)}>
                {say('server.devices')}
              </MenuItem>
              {user.user !== me && (
                <>
                  <MenuItem
                    icon={user.admin ? <ShieldOff size={14} /> : <Shield size={14} />}
                    testId="server-make-admin"
                    onSelect={() =>
                      void answer.act(admin.changeUser(account, user.user, { admin: !user.admin }))
                    }
                  >
                    {say(user.admin ? 'server.unmakeAdmin' : 'server.makeAdmin')}
                  </MenuItem>
                  <MenuSeparator />
                  <MenuItem
                    icon={<LogOut size={14} />}
                    onSelect={() => void answer.act(admin.endSessions(account, user.user))}
                  >
                    {say('server.endSessions')}
                  </MenuItem>
                  {user.disabledAt === null ? (
                    <MenuItem
                      icon={<Ban size={14} />}
                      dangerous
                      testId="server-close"
                      onSelect={() => setClosing(user)}
                    >
                      {say('server.close')}
                    </MenuItem>
                  ) : (
                    <MenuItem
                      icon={<DoorOpen size={14} />}
                      testId="server-reopen"
                      onSelect={() =>
                        void answer.act(admin.changeUser(account, user.user, { disabled: false }))
                      }
                    >
                      {say('server.reopen')}
                    </MenuItem>
                  )}
                </>
              )}
            </Menu>
          </li>
        ))}
      </ul>
      {answer.value?.items.length === 0 && <p className="fine">{say('server.nobody')}</p>}
      {answer.value?.more && (
        <button type="button" className="button small" onClick={() => setCount(count + 1)}>
          {say('server.more')}
        </button>
      )}
      <Confirm
        open={closing !== null}
        title={say('server.closeTitle', { name: closing?.name ?? '' })}
        description={say('server.closeLead')}
        action={say('server.close')}
        dangerous
        testId="confirm-close"
        onCancel={() => setClosing(null)}
        onConfirm={() => {
          if (closing) void answer.act(admin.changeUser(account, closing.user, { disabled: true }));
          setClosing(null);
        }}
      />
      {devices && <Devices account={account} user={devices} onClose={() => setDevices(null)} />}
    </div>
  );
}

function Devices(props: { account: string; user: AdminUser; onClose: () => void }) {
  const { account, user, onClose } = props;
  const { admin } = useMatchbook();
  const { say, moment } = useWords();
  const answer = useAnswer(
    useCallback(() => admin.sessions(account, user.user), [admin, account, user.user]),
  );
  return (
    <Dialog open onClose={onClose} title={say('server.devicesOf', { name: user.name })}>
      <Problem answer={answer} />
      <ul className="server-list">
        {answer.value?.map((device) => (
          <li key={device.device}>
            <span className="server-words">
              <bdi>{device.name}</bdi>
              <small>{say('server.deviceUsed', { time: moment(device.lastUsed) })}</small>
            </span>
          </li>
        ))}
      </ul>
      {answer.value?.length === 0 && <p className="fine">{say('server.noDevices')}</p>}
    </Dialog>
  );
}
