import type { LinkOverview, Mark, Overview } from '@matchbook/protocol/bridge/diagnostics';
import { useWords, type Words } from '../../i18n/words.tsx';
import { duration, percentile, size } from '../quantities.ts';
import { HOUR, Plot, type Point } from './plot.tsx';

/** Marks that are told in words; the newest. */
const TOLD = 6;

/** Round trips and silences of the last hour: as pictures, and as sentences for whoever does not see them. */
export function LinkPlots({ link, overview }: { link: LinkOverview; overview: Overview }) {
  const words = useWords();
  const { say } = words;
  const { now } = overview;
  const stretches = link.stretches.filter(({ at }) => at > now - HOUR - 10_000);
  const trips = stretches.flatMap((stretch) => stretch.trips);
  const tripPoints = stretches.flatMap(({ at, trips: all }) =>
    all.map((ms): Point => ({ at: at + 5_000, value: ms })),
  );
  const marks = overview.marks.filter(({ at }) => at > now - HOUR);
  const frames = stretches.reduce((sum, one) => sum + one.frames, 0);
  const bytes = stretches.reduce((sum, one) => sum + one.bytes, 0);
  const age = link.lastData === null ? 0 : Math.max(0, now - link.lastData);
  const high = Math.max(age, ...stretches.map(({ silence }) => silence));
  return (
    <div className="plots">
      <Plot
        title={say('plot.trip')}
        kind="dots"
        points={tripPoints}
        least={50}
        now={now}
        marks={marks}
        unit={(value) => duration(value, words)}
        text={say('plot.tripText', {
          count: trips.length,
          low: duration(trips.length > 0 ? Math.min(...trips) : 0, words),
          high: duration(trips.length > 0 ? Math.max(...trips) : 0, words),
          median: duration(percentile(trips, 0.5) ?? 0, words),
        })}
      />
      <Plot
        title={say('plot.silence')}
        kind="saw"
        points={silencePoints(link, now)}
        least={30_000}
        now={now}
        marks={marks}
        unit={(value) => duration(value, words)}
        text={say('plot.silenceText', { high: duration(high, words), frames, bytes: size(bytes, words) })}
      />
      {marks.length > 0 && <p className="fine plot-marks">{marksText(marks, words)}</p>}
    </div>
  );
}

/** How old the last data was: climbs while nothing comes, and falls to nothing with every arrival. */
function silencePoints({ stretches, lastData }: LinkOverview, now: number): Point[] {
  const points: Point[] = [];
  for (const { at, silence } of stretches) {
    points.push({ at: at - silence, value: 0 }, { at, value: silence }, { at: at + 1, value: 0 });
  }
  if (lastData !== null)
    points.push({ at: lastData, value: 0 }, { at: now, value: Math.max(0, now - lastData) });
  return points.sort((a, b) => a.at - b.at);
}

function marksText(marks: readonly Mark[], { say, clock, list }: Words): string {
  const told = marks
    .slice(-TOLD)
    .map(({ at, kind }) => say('plot.mark', { kind: say(`mark.${kind}`), time: clock(at) }));
  return say('plot.marks', { marks: list(told) });
}
