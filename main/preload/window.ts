import { BRIDGE_GLOBAL } from '@matchbook/protocol/bridge/app';
import { type Attached, DROP, type DropBridge } from '@matchbook/protocol/bridge/files';
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import { WINDOW_CALLS, WINDOW_EVENTS } from '@matchbook/protocol/bridge/window';
import { ipcRenderer, webUtils } from 'electron';
import { askAhead } from './ahead.ts';
import { expose, invoke } from './expose.ts';

const drop: DropBridge['drop'] = async (address, files) => {
  const paths = files.map((file) => webUtils.getPathForFile(file as File));
  const pathless = [...paths.keys()].filter((i) => paths[i] === '');
  const given = paths.filter((path) => path !== '');
  const outcome =
    given.length === 0 ? null : ((await invoke(DROP, { ...address, paths: given })) as Outcome<Attached>);
  return { outcome, pathless };
};

const query = new URLSearchParams(location.search);
const [account, conv] = [query.get('account'), query.get('conv')];
const ahead = askAhead({
  invoke,
  listen: (event, listener) => void ipcRenderer.on(event, listener),
  later: (work, ms) => void setTimeout(work, ms),
  only: account !== null && conv !== null ? { account, conv } : null,
});

const calls = Object.keys(WINDOW_CALLS).filter((name) => name !== DROP);
expose(BRIDGE_GLOBAL, calls, WINDOW_EVENTS, { drop }, ahead);
