/** The processes of the app by what they are for, from Chromium's own account. */
import type { ProcessUse } from '@matchbook/protocol/bridge/figures';
import type { ProcessMetric } from 'electron';

export interface KnownProcesses {
  /** That of the session host. */
  host: number | null;
  servers: readonly (number | null | undefined)[];
}

/** @param metrics as `app.getAppMetrics` answers */
export const processUse = (metrics: readonly ProcessMetric[], known: KnownProcesses): ProcessUse[] =>
  metrics.map((one) => ({
    pid: one.pid,
    kind: kindOf(one, known),
    memory: one.memory.workingSetSize * 1_024,
    cpu: one.cpu.cumulativeCPUUsage ?? null,
  }));

function kindOf(
  { pid, type, serviceName }: ProcessMetric,
  { host, servers }: KnownProcesses,
): ProcessUse['kind'] {
  if (type === 'Browser') return 'main';
  if (type === 'GPU') return 'gpu';
  if (servers.includes(pid)) return 'server';
  if (type === 'Tab') return pid === host ? 'session-host' : 'window';
  return serviceName === 'network.mojom.NetworkService' ? 'network' : 'other';
}
