/** How long something may be quiet, in ms. */
export const HOUR = 3_600_000;
/** Hour of the day at which "until tomorrow morning" ends. */
const MORNING = 8;

/** Eight o'clock of the next day, by local time. */
export function tomorrowMorning(now: number): number {
  const date = new Date(now);
  date.setDate(date.getDate() + 1);
  date.setHours(MORNING, 0, 0, 0);
  return date.getTime();
}
