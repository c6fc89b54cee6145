/** Places where a test can have the process killed: `NAME:COUNT` in RELAY_FAILPOINT, at the COUNT-th time. */
export const FAILPOINTS = [
  'after_insert',
  'before_commit',
  'after_commit',
  'before_ack',
  'before_save',
  'after_save',
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];
export type HitFailpoint = (point: Failpoint) => void;

export function parseFailpoint(text: string): { point: Failpoint; count: number } | null {
  const match = /^([a-z_]+):(\d{1,6})$/.exec(text);
  const point = FAILPOINTS.find((name) => name === match?.[1]);
  return point ? { point, count: Number(match![2]) } : null;
}

/** @param spec value of RELAY_FAILPOINT; empty for none */
export function failpoints(spec: string, kill: () => void): HitFailpoint {
  const armed = parseFailpoint(spec);
  if (!armed) return () => {};
  let hits = 0;
  return (point) => {
    if (point === armed.point && ++hits === armed.count) kill();
  };
}
