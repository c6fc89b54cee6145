/** Switches of the command line, as they stand there. */

export const switchOn = (argv: readonly string[], name: string): boolean => argv.includes(`--${name}`);

export const switchValue = (argv: readonly string[], name: string): string | null =>
  argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? null;

/** `--window-bounds=x,y,width,height`, for who places the window by hand. */
export function boundsIn(
  argv: readonly string[],
): { x: number; y: number; width: number; height: number } | null {
  const bounds = /^(-?\d{1,5}),(-?\d{1,5}),(\d{2,5}),(\d{2,5})$/.exec(
    switchValue(argv, 'window-bounds') ?? '',
  );
  return bounds
    ? { x: Number(bounds[1]), y: Number(bounds[2]), width: Number(bounds[3]), height: Number(bounds[4]) }
    : null;
}

/** `--smoke-started=ms`: when the launch began, wall clock ms, for the figures of the smoke run; null where nobody says so. */
export function launchedIn(argv: readonly string[]): number | null {
  const started = Number(switchValue(argv, 'smoke-started'));
  return Number.isSafeInteger(started) && started > 0 ? started : null;
}
