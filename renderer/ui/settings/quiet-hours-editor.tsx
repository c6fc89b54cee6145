import type { Preferences, QuietHours } from '@matchbook/protocol/bridge/preferences';
import { useIntl } from 'react-intl';
import { useWords } from '../../i18n/words.tsx';
import { Switch } from '../base/switch.tsx';

type Quiet = Preferences['notifications']['quiet'];
/** A Sunday: its week names the days. */
const SUNDAY = Date.UTC(2024, 0, 7);
const DAY = 86_400_000;
const USUAL: QuietHours = { from: 22 * 60, to: 7 * 60 };

/** Of an engine that knows calendars, by its older or its newer name: Monday is 1, Sunday 7. */
interface Weeks {
  getWeekInfo?: () => { firstDay: number };
  weekInfo?: { firstDay: number };
}

/** As calendars of this language's readers begin their week; the days are kept Sunday first. */
function weekOf(locale: string): number[] {
  const known = new Intl.Locale(locale) as Intl.Locale & Weeks;
  const { firstDay } = known.getWeekInfo?.() ?? known.weekInfo ?? { firstDay: 1 };
  return Array.from({ length: 7 }, (_, i) => (firstDay + i) % 7);
}

const asTime = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function asMinute(time: string): number | null {
  const [hour, minute] = time.split(':').map(Number);
  return hour === undefined || minute === undefined || Number.isNaN(hour + minute)
    ? null
    : hour * 60 + minute;
}

/** When it is quiet by itself: on or off, and for each weekday from when to when. */
export function QuietHoursEditor({ quiet, onChange }: { quiet: Quiet; onChange: (quiet: Quiet) => void }) {
  const { say } = useWords();
  const intl = useIntl();
  const set = (day: number, hours: QuietHours | null) =>
    onChange({ ...quiet, days: quiet.days.map((one, i) => (i === day ? hours : one)) });
  return (
    <>
      <Switch
        label={say('quiet.label')}
        hint={say('quiet.hint')}
        checked={quiet.on}
        onChange={(on) => onChange({ ...quiet, on })}
        setting="quiet-hours"
        testId="quiet-hours"
      />
      {quiet.on && (
        <fieldset className="quiet-days">
          <legend className="only-read">{say('quiet.label')}</legend>
          {weekOf(intl.locale).map((day) => {
            const hours = quiet.days[day] ?? null;
            const name = intl.formatDate(SUNDAY + day * DAY, { weekday: 'long', timeZone: 'UTC' });
            const field = (which: 'from' | 'to', label: string) => (
              <input
                type="time"
                className="input time"
                aria-label={label}
                required
                value={hours ? asTime(hours[which]) : ''}
                onChange={(event) => {
                  const minute = asMinute(event.target.value);
                  if (hours && minute !== null) set(day, { ...hours, [which]: minute });
                }}
              />
            );
            return (
              <div className="quiet-day" key={day}>
                <label>
                  <input
                    type="checkbox"
                    checked={hours !== null}
                    onChange={(event) => set(day, event.target.checked ? USUAL : null)}
                  />
                  {name}
                </label>
                {hours && (
                  <span className="quiet-times">
                    {field('from', say('quiet.from', { day: name }))}
                    <span aria-hidden="true">–</span>
                    {field('to', say('quiet.to', { day: name }))}
                  </span>
                )}
              </div>
            );
          })}
        </fieldset>
      )}
    </>
  );
}
