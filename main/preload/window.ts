import { BRIDGE_CHANNEL, BRIDGE_GLOBAL } from '@matchbook/protocol/bridge/app';
import { DROP, type DropBridge } from '@matchbook/protocol/bridge/files';
import { WINDOW_CALLS, WINDOW_EVENTS } from '@matchbook/protocol/bridge/window';
import { ipcRenderer, webUtils } from 'electron';
import { expose } from './expose.ts';

const drop: DropBridge['drop'] = async (address, files) => {
  const paths = files.map((file) => webUtils.getPathForFile(file as File));
  const pathless = [...paths.keys()].filter((i) => paths[i] === '');
  const given = paths.filter((path) => path !== '');
  const outcome =
    given.length === 0 ? null : await ipcRenderer.invoke(BRIDGE_CHANNEL, DROP, { ...address, paths: given });
  return { outcome, pathless };
};

const calls = Object.keys(WINDOW_CALLS).filter((name) => name !== DROP);
expose(BRIDGE_GLOBAL, calls, WINDOW_EVENTS, { drop });
