import type { DeviceView } from '@matchbook/protocol/bridge/views';
import type { AdminUser } from '@matchbook/protocol/http/admin';
import { Ban, DoorOpen, LogOut, MonitorSmartphone, MoreHorizontal, Shield, ShieldOff } from 'lucide-react';
import { useCallback, useDeferredValue, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Avatar } from '../avatar.tsx';
import { Confirm, Dialog } from '../base/dialog.tsx';
import { Menu, MenuItem, MenuSeparator } from '../base/menu.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';
import { More } from './more.tsx';
import { pages } from './paged.ts';
import { Problem } from './problem.tsx';
import { useAnswer } from './use-answer.ts';

/** What takes something from somebody, and is asked before it is done. */
type Step = 'close' | 'end' | 'make' | 'unmake';
const QUESTIONS = {
  close: { title: 'server.closeTitle', lead: 'server.closeLead', action: 'server.close' },
  end: { title: 'server.endTitle', lead: 'server.endLead', action: 'server.endSessions' },
  make: { title: 'server.makeTitle', lead: 'server.makeLead', action: 'server.makeAdmin' },
  unmake: { title: 'server.unmakeTitle', lead: 'server.unmakeLead', action: 'server.unmakeAdmin' },
} as const;

/** Everybody with an account: their devices, whether they are admins, and the door. */
export function ServerPeople({ account, looksFor = '' }: { account: string; looksFor?: string }) {
  const { admin } = useMatchbook();
  const { say, moment, bytes } = useWords();
  const me = useKnown((state) => state.app?.accounts.find((one) => one.account === account)?.user);
  const [query, setQuery] = useState(looksFor);
  const [count, setCount] = useState(1);
  const [asking, setAsking] = useState<{ step: Step; user: AdminUser } | null>(null);
  const [devices, setDevices] = useState<AdminUser | null>(null);
  const asked = useDeferredValue(query.trim());
  const answer = useAnswer(
    useCallback(
      () => pages<AdminUser>(({ length }) => admin.users(account, asked, length), count),
      [admin, account, asked, count],
    ),
  );
  const act = ({ step, user: { user } }: { step: Step; user: AdminUser }) => {
    if (step === 'end') return admin.endSessions(account, user);
    return admin.changeUser(
      account,
      user,
      step === 'close' ? { disabled: true } : { admin: step === 'make' },
    );
  };
  return (
    <div className="server-part">
      <input
        type="search"
        className="input"
        aria-label={say('server.find')}
        placeholder={say('server.find')}
        data-testid="server-find"
        value={query}
        maxLength={80}
        onChange={(event) => {
          setQuery(event.target.value);
          setCount(1);
        }}
      />
      <Problem answer={answer} />
      <ul className="server-list">
        {answer.value?.items.map((user) => (
          <li
            key={user.user}
            className={user.disabledAt === null ? undefined : 'server-shut'}
            data-testid="server-user"
            data-user={user.user}
          >
            <Avatar id={user.user} name={user.name} />
            <span className="server-words">
              <bdi>{user.name}</bdi>
              <small>
                {[
                  ...(user.disabledAt === null
                    ? []
                    : [say('server.closed', { time: moment(user.disabledAt) })]),
                  ...(user.admin ? [say('server.admin')] : []),
                  ...(user.login === null ? [] : [user.login]),
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
              <MenuItem
                icon={<MonitorSmartphone size={14} />}
                testId="server-devices"
                onSelect={() => setDevices(user)}
              >
                {say('server.devices')}
              </MenuItem>
              {user.user !== me && (
                <>
                  <MenuItem
                    icon={user.admin ? <ShieldOff size={14} /> : <Shield size={14} />}
                    testId="server-make-admin"
                    onSelect={() => setAsking({ step: user.admin ? 'unmake' : 'make', user })}
                  >
                    {say(user.admin ? 'server.unmakeAdmin' : 'server.makeAdmin')}
                  </MenuItem>
                  <MenuSeparator />
                  <MenuItem
                    icon={<LogOut size={14} />}
                    testId="server-end"
                    disabled={user.sessions === 0}
                    onSelect={() => setAsking({ step: 'end', user })}
                  >
                    {say('server.endSessions')}
                  </MenuItem>
                  {user.disabledAt === null ? (
                    <MenuItem
                      icon={<Ban size={14} />}
                      dangerous
                      testId="server-close"
                      onSelect={() => setAsking({ step: 'close', user })}
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
      <More page={answer.value} nothing={say('server.nobody')} onMore={() => setCount(count + 1)} />
      {asking && (
        <Confirm
          open
          title={say(QUESTIONS[asking.step].title, { name: asking.user.name })}
          description={say(QUESTIONS[asking.step].lead)}
          action={say(QUESTIONS[asking.step].action)}
          dangerous={asking.step !== 'make'}
          testId={`confirm-${asking.step}`}
          onCancel={() => setAsking(null)}
          onConfirm={() => {
            void answer.act(act(asking));
            setAsking(null);
          }}
        />
      )}
      {devices && (
        <Devices
          account={account}
          user={devices}
          own={devices.user === me}
          onClose={() => {
            setDevices(null);
            void answer.reload();
          }}
        />
      )}
    </div>
  );
}

/** @param props.own one's own are ended among one's settings */
function Devices(props: { account: string; user: AdminUser; own: boolean; onClose: () => void }) {
  const { account, user, own, onClose } = props;
  const { admin } = useMatchbook();
  const { say, moment } = useWords();
  const [ending, setEnding] = useState<DeviceView | null>(null);
  const answer = useAnswer(
    useCallback(() => admin.sessions(account, user.user), [admin, account, user.user]),
  );
  return (
    <Dialog open onClose={onClose} title={say('server.devicesOf', { name: user.name })} testId="devices-of">
      <Problem answer={answer} />
      <ul className="server-list">
        {answer.value?.map((device) => (
          <li key={device.device} data-testid="server-device">
            <span className="server-words">
              <bdi>{device.name}</bdi>
              <small>{say('server.deviceUsed', { time: moment(device.lastUsed) })}</small>
            </span>
            {!own && (
              <button
                type="button"
                className="button small"
                data-testid="server-end-device"
                aria-label={say('server.endDeviceOf', { device: device.name })}
                onClick={() => setEnding(device)}
              >
                {say('server.endDevice')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {answer.value?.length === 0 && <p className="fine">{say('server.noDevices')}</p>}
      <Confirm
        open={ending !== null}
        title={say('server.endDeviceTitle', { device: ending?.name ?? '' })}
        description={say('server.endLead')}
        action={say('server.endDevice')}
        dangerous
        testId="confirm-end-device"
        onCancel={() => setEnding(null)}
        onConfirm={() => {
          if (ending) void answer.act(admin.endSession(account, user.user, ending.device));
          setEnding(null);
        }}
      />
    </Dialog>
  );
}
