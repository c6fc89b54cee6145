import { arch, release } from 'node:os';
import type { Overview } from '@matchbook/protocol/bridge/diagnostics';
import { PROTOCOL_VERSION } from '@matchbook/protocol/version';

/** @param app version of the app */
export function versions(app: string): Overview['versions'] {
  const { electron = '', chrome = '', node } = process.versions;
  const system = `${process.platform} ${release()} ${arch()}`;
  return { app, electron, chrome, node, system, protocol: PROTOCOL_VERSION };
}
