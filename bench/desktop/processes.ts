/** What processes use, by Linux's own account. */
import { readdirSync, readFileSync } from 'node:fs';

/** A process and all that it started, the servers left out. */
export function tree(root: number, leaveOut: readonly number[] = []): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readOrNull(`/proc/${name}/stat`);
    if (stat === null) continue;
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  const walk = (pid: number) => {
    if (leaveOut.includes(pid)) return;
    found.push(pid);
    for (const child of children.get(pid) ?? []) walk(child);
  };
  walk(root);
  return found;
}

/** Processor time so far, seconds. */
export function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const stat = readOrNull(`/proc/${pid}/stat`);
    if (stat === null) continue;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  // USER_HZ is 100 on every Linux that Electron runs on.
  return ticks / 100;
}

/** What a process is, as Chromium names it to itself. */
export function kindOf(pid: number): string {
  const words = readOrNull(`/proc/${pid}/cmdline`) ?? '';
  return /--type=([\w-]+)/.exec(words)?.[1] ?? 'main';
}

/** Memory of a process, MB: what it shares with others is divided among them. */
export interface Memory {
  kind: string;
  all: number;
  /** What no file is behind. */
  own: number;
}

export function memory(pids: readonly number[]): Memory[] {
  return pids.map((pid) => {
    const rollup = readOrNull(`/proc/${pid}/smaps_rollup`) ?? '';
    const megabytes = (field: string) =>
      Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) / 1_024;
    return { kind: kindOf(pid), all: megabytes('Pss'), own: megabytes('Pss_Anon') };
  });
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
