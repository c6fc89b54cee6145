/** What the app is started for: a person, a check of a package (`--smoke`), or a demonstration. */
import { app, type BrowserWindow } from 'electron';
import { type DemoParts, runDemo } from './demo.ts';
import { runSmoke, smokeLine } from './smoke.ts';

export interface FirstWorkParts extends DemoParts {
  window: BrowserWindow;
  /** When the start was asked for, wall clock ms. */
  launched: number;
  /** The check did not pass: the app ends with a failure. */
  failed(): void;
}

export async function firstWork({ window, launched, failed, ...demo }: FirstWorkParts): Promise<void> {
  if (!demo.flags.smoke) return runDemo(demo);
  try {
    demo.print(smokeLine(await runSmoke(window.webContents, launched)));
  } catch (error) {
    demo.print(`smoke: failed: ${error instanceof Error ? error.message : error}`);
    failed();
  }
  app.quit();
}
