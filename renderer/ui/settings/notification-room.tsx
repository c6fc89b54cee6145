import { FOREVER } from '@matchbook/protocol/bridge/choices';
import type { ShowAnswer } from '@matchbook/protocol/bridge/notifications';
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { Level, Preferences, Sound } from '@matchbook/protocol/bridge/preferences';
import { BellRing } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Select } from '../base/select.tsx';
import { Switch } from '../base/switch.tsx';
import { HOUR, tomorrowMorning } from '../notifications/pauses.ts';
import { useMatchbook } from '../use-store.ts';
import { QuietHoursEditor } from './quiet-hours-editor.tsx';
import type { RoomProps } from './room.ts';

type Preview = Preferences['notifications']['preview'];

export function NotificationRoom({ known, change }: RoomProps) {
  const { say } = useWords();
  const { notifications } = known;
  const set = (some: Partial<Preferences['notifications']>) => change({ notifications: some });
  const levels: { value: Level; label: string }[] = [
    { value: 'all', label: say('level.all') },
    { value: 'mentions', label: say('level.mentions') },
    { value: 'none', label: say('level.none') },
  ];
  const sounds: { value: Sound; label: string }[] = [
    { value: 'matchbook', label: say('sound.matchbook') },
    { value: 'system', label: say('sound.system') },
    { value: 'none', label: say('sound.none') },
  ];
  const previews: { value: Preview; label: string }[] = [
    { value: 'full', label: say('preview.full') },
    { value: 'name', label: say('preview.name') },
    { value: 'nothing', label: say('preview.nothing') },
  ];
  const off = !notifications.on;
  return (
    <>
      <Switch
        label={say('notifications.on')}
        hint={say('notifications.onHint')}
        checked={notifications.on}
        onChange={(on) => set({ on })}
        setting="notifications"
        testId="notifications-on"
      />
      <DoNotDisturb
        until={notifications.doNotDisturbUntil}
        onChange={(doNotDisturbUntil) => set({ doNotDisturbUntil })}
      />
      <QuietHoursEditor quiet={notifications.quiet} onChange={(quiet) => set({ quiet })} />
      <Select
        label={say('notifications.preview')}
        hint={say('notifications.previewHint')}
        value={notifications.preview}
        options={previews}
        disabled={off}
        onChange={(preview) => set({ preview })}
        setting="preview"
        testId="notifications-preview"
      />
      <Select
        label={say('notifications.sound')}
        value={notifications.sound}
        options={sounds}
        disabled={off}
        onChange={(sound) => set({ sound })}
        setting="sound"
        testId="notifications-sound"
      />
      <Select
        label={say('notifications.direct')}
        hint={say('notifications.levelHint')}
        value={notifications.levels.direct}
        options={levels}
        disabled={off}
        onChange={(direct) => set({ levels: { ...notifications.levels, direct } })}
        setting="direct"
      />
      <Select
        label={say('notifications.group')}
        value={notifications.levels.group}
        options={levels}
        disabled={off}
        onChange={(group) => set({ levels: { ...notifications.levels, group } })}
        setting="group"
      />
      <Switch
        label={say('notifications.elsewhere')}
        hint={say('notifications.elsewhereHint')}
        checked={notifications.whenActiveElsewhere}
        disabled={off}
        onChange={(whenActiveElsewhere) => set({ whenActiveElsewhere })}
        setting="elsewhere"
      />
      <Switch
        label={say('notifications.badge')}
        hint={say('notifications.badgeHint')}
        checked={notifications.badge}
        onChange={(badge) => set({ badge })}
        setting="badge"
      />
      <SelfTest />
    </>
  );
}

type Pause = 'off' | 'hour' | 'morning' | 'ever' | 'now';

function DoNotDisturb({ until, onChange }: { until: number; onChange: (until: number) => void }) {
  const { say, moment } = useWords();
  const now = Date.now();
  const on = until > now;
  const value: Pause = !on ? 'off' : until === FOREVER ? 'ever' : 'now';
  const options: { value: Pause; label: string }[] = [
    { value: 'off', label: say('dnd.off') },
    ...(value === 'now'
      ? [{ value: 'now' as const, label: say('pause.until', { time: moment(until) }) }]
      : []),
    { value: 'hour', label: say('pause.hour') },
    { value: 'morning', label: say('pause.morning') },
    { value: 'ever', label: say('dnd.ever') },
  ];
  const ends: Record<Pause, number> = {
    off: 0,
    hour: now + HOUR,
    morning: tomorrowMorning(now),
    ever: FOREVER,
    now: until,
  };
  return (
    <Select
      label={say('dnd.label')}
      hint={say('dnd.hint')}
      value={value}
      options={options}
      onChange={(pause) => onChange(ends[pause])}
      setting="do-not-disturb"
      testId="do-not-disturb"
    />
  );
}

function SelfTest() {
  const { preferences } = useMatchbook();
  const { say, failure } = useWords();
  const [answer, setAnswer] = useState<ShowAnswer | LocalFailure | 'asking' | null>(null);
  const output = useRef<HTMLOutputElement>(null);
  useEffect(() => {
    // It stands at the end, and an answer may be longer than what stood there before.
    if (answer !== null) output.current?.scrollIntoView?.({ block: 'nearest' });
  }, [answer]);
  const test = async () => {
    setAnswer('asking');
    const got = await preferences.test();
    setAnswer(got.ok ? got.value : got.failure);
  };
  const told = (): string => {
    if (answer === null) return '';
    if (answer === 'asking') return say('test.asking');
    switch (answer.kind) {
      case 'shown':
        return 'service' in answer && answer.service
          ? say('test.shownBy', { service: answer.service })
          : say('test.shown');
      case 'unsupported':
        return say('test.unsupported');
      case 'no-service':
        return say('test.no-service');
      case 'failed':
        return say('test.failed', { message: answer.message });
      default:
        return failure(answer);
    }
  };
  const bad = answer !== null && answer !== 'asking' && answer.kind !== 'shown';
  return (
    <div className="setting" data-setting="notification-test">
      <div className="setting-words">
        <span className="setting-label">{say('test.label')}</span>
        <output ref={output} className={bad ? 'fine error' : 'fine'} data-testid="notification-test-answer">
          {told() || say('test.hint')}
        </output>
      </div>
      <button
        type="button"
        className="button"
        data-testid="notification-test"
        disabled={answer === 'asking'}
        onClick={() => void test()}
      >
        <BellRing size={16} aria-hidden="true" />
        {say('test.send')}
      </button>
    </div>
  );
}
