import type { Mark } from '@matchbook/protocol/bridge/diagnostics';
import { useId } from 'react';
import { useWords } from '../../i18n/words.tsx';

export const HOUR = 60 * 60_000;
const WIDTH = 600;
const HEIGHT = 96;
/** Room for the lowest line and above the highest value. */
const PAD = 6;

export interface Point {
  /** Wall clock, ms. */
  at: number;
  value: number;
}

interface PlotProps {
  title: string;
  /** `dots`: single measurements. `saw`: a value that climbs and falls. */
  kind: 'dots' | 'saw';
  points: readonly Point[];
  /** The scale reaches at least so high, so that noise is not drawn as mountains. */
  least: number;
  now: number;
  marks: readonly Mark[];
  unit: (value: number) => string;
  /** The picture in words. */
  text: string;
}

/** A small picture of the last hour, drawn with attributes alone: our policy takes no styles from a page. Time runs from left to right in every language. */
export function Plot({ title, kind, points, least, now, marks, unit, text }: PlotProps) {
  const { say, clock } = useWords();
  const id = useId();
  const top = Math.max(least, ...points.map(({ value }) => value));
  const x = (at: number) => Math.max(0, Math.min(WIDTH, ((at - (now - HOUR)) / HOUR) * WIDTH));
  const y = (value: number) => HEIGHT - PAD - (value / top) * (HEIGHT - 2 * PAD);
  const shown = points.filter(({ at }) => at >= now - HOUR);
  const line = shown.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return (
    <figure className="plot">
      <figcaption id={id}>{title}</figcaption>
      <div className="plot-body" dir="ltr">
        {/* biome-ignore lint/a11y/noSvgWithoutTitle: its caption names it */}
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-labelledby={id}
          aria-describedby={`${id}-text`}
        >
          <line className="plot-rule" x1="0" x2={WIDTH} y1={HEIGHT - PAD} y2={HEIGHT - PAD} />
          <line className="plot-rule" x1="0" x2={WIDTH} y1={PAD} y2={PAD} />
          {marks.map(({ at, kind: what }) => (
            <line
              key={`${at} ${what}`}
              className={`plot-mark mark-${what}`}
              x1={x(at)}
              x2={x(at)}
              y1="0"
              y2={HEIGHT}
            >
              <title>{say('plot.mark', { kind: say(`mark.${what}`), time: clock(at) })}</title>
            </line>
          ))}
          {kind === 'saw' && shown.length > 1 && <polyline className="plot-line" points={line} />}
          {kind === 'dots' &&
            shown.map(({ at, value }, i) => (
              // Measurements of one moment differ in nothing but their place.
              <line key={i} className="plot-dot" x1={x(at)} x2={x(at)} y1={y(value)} y2={y(value)} />
            ))}
        </svg>
        <span className="plot-top">{unit(top)}</span>
        <span className="plot-from">{say('plot.ago', { minutes: 60 })}</span>
        <span className="plot-to">{say('plot.now')}</span>
      </div>
      <p id={`${id}-text`} className="fine plot-text">
        {text}
      </p>
    </figure>
  );
}
