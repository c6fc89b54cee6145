/** The desktop: its rooms in the order in which they are built, and then its first steps. Who knows whom inside a room stands there. */
import { accountsRoom } from './composition/accounts.ts';
import { hearPages } from './composition/calls.ts';
import { contentsRoom } from './composition/contents.ts';
import { layGround } from './composition/ground.ts';
import { lineRoom } from './composition/line.ts';
import { hearComputer, hearStore, settleEnding } from './composition/news.ts';
import { open } from './composition/opening.ts';
import { outsideRoom } from './composition/outside.ts';
import type { Desktop, Launch } from './composition/parts.ts';
import { viewsRoom } from './composition/views.ts';
import { readFlags } from './flags.ts';

/** Puts the parts together and opens the window. Once a process. */
export async function openDesktop(start: Omit<Launch, 'flags'>): Promise<void> {
  const ground = await layGround({ ...start, flags: readFlags(process.argv) });
  /** Whole once every room stands. Nothing happens until then: rooms are built in one turn, and what they call in each other comes later. */
  const desktop = {} as Desktop;
  const views = viewsRoom(ground, desktop);
  const line = lineRoom({ ...ground, ...views }, desktop);
  const accounts = accountsRoom({ ...ground, ...views, ...line }, desktop);
  const contents = contentsRoom({ ...ground, ...views, ...accounts });
  const outside = outsideRoom({ ...ground, ...views, ...line, ...accounts });
  Object.assign(desktop, {
    ...ground,
    ...views,
    ...line,
    ...accounts,
    ...contents,
    ...outside,
  } satisfies Desktop);

  hearStore(desktop);
  const answers = hearPages(desktop);
  hearComputer(desktop);
  await open(desktop, await settleEnding(desktop, answers));
}
