/** How windows are made: visible ones of any kind, and the hidden page of the session host. All are sandboxed, isolated, and may go nowhere. */
import { join } from 'node:path';
import { APP_ORIGIN } from '@matchbook/protocol/bridge/app';
import {
  app,
  BrowserWindow,
  type Event,
  nativeTheme,
  type Session,
  screen,
  session,
  type WebPreferences,
} from 'electron';
import type { Settings } from '../profile/settings.ts';
import type { Microphone } from './microphone.ts';
import { placeOn } from './window-place.ts';

export const icon = app.isPackaged
  ? join(process.resourcesPath, 'icon.png')
  : join(app.getAppPath(), 'build', 'icon.png');

export interface Pages {
  /** Folder of the built preloads. */
  preload: string;
}

export type Bounds = NonNullable<Settings['window']>;

/** A kind of window. There is at most one window of an id. */
export interface WindowSpec {
  /** Also the name under which its bounds are kept. */
  id: string;
  /** Path of its page, with a query where it has one. */
  page: string;
  /** Name of its preload, without an ending. */
  preload: 'window' | (string & {});
  title: string;
  size: { width: number; height: number };
  least: { minWidth: number; minHeight: number };
}

export const MAIN_WINDOW: WindowSpec = {
  id: 'main',
  page: 'index.html',
  preload: 'window',
  title: 'Matchbook',
  size: { width: 1_100, height: 760 },
  least: { minWidth: 360, minHeight: 420 },
};

export const DIAGNOSTICS_WINDOW: WindowSpec = {
  id: 'diagnostics',
  page: 'diagnostics.html',
  preload: 'diagnostics',
  title: 'Matchbook diagnostics',
  size: { width: 1_080, height: 800 },
  least: { minWidth: 360, minHeight: 420 },
};

function preferences(preload: string): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    webviewTag: false,
    spellcheck: true,
    // The scripts are ours and the same each time: what was compiled once is kept from the first start on.
    v8CacheOptions: 'bypassHeatCheck',
    // Developer tools read everything: only where the app is being developed.
    devTools: !app.isPackaged,
  };
}

export function createWindow({ preload }: Pages, spec: WindowSpec, bounds: Bounds | null): BrowserWindow {
  const { maximized, ...place } = placeOn(bounds ?? spec.size, workAreas());
  const window = new BrowserWindow({
    ...place,
    ...spec.least,
    show: false,
    title: spec.title,
    // macOS and Windows take it from the application itself.
    ...(process.platform === 'linux' ? { icon } : {}),
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181d' : '#f7f7f8',
    webPreferences: preferences(join(preload, `${spec.preload}.cjs`)),
  });
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  void window.loadURL(`${APP_ORIGIN}/${spec.page}`);
  return window;
}

/** Of the screens that there are, the main one first. */
function workAreas(): Electron.Rectangle[] {
  const first = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== first.id);
  return [first, ...others].map(({ workArea }) => workArea);
}

/** @param session in which it reaches its servers */
export function createSessionHost({ preload }: Pages, session: Session): BrowserWindow {
  const window = new BrowserWindow({
    show: false,
    width: 200,
    height: 200,
    skipTaskbar: true,
    webPreferences: {
      ...preferences(join(preload, 'session-host.cjs')),
      backgroundThrottling: false,
      session,
    },
  });
  void window.loadURL(`${APP_ORIGIN}/session-host.html`);
  return window;
}

/** For every page that will ever be made: no navigation, no further windows, no embedded views, and no permissions but the microphone while it is recorded with. */
export function lockDown(microphone: Microphone): void {
  app.on('web-contents-created', (_event, contents) => {
    const deny = (event: Event) => event.preventDefault();
    contents.on('will-navigate', deny);
    contents.on('will-redirect', deny);
    contents.on('will-frame-navigate', deny);
    contents.on('will-attach-webview', deny);
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
  session.defaultSession.setPermissionRequestHandler((contents, permission, answer, details) =>
    answer(microphone.may(contents.id, permission, ('mediaTypes' in details && details.mediaTypes) || [])),
  );
  session.defaultSession.setPermissionCheckHandler((contents, permission, _origin, { mediaType }) =>
    microphone.may(contents?.id, permission, mediaType === undefined ? [] : [mediaType]),
  );
  lockDevices(session.defaultSession);
}

/** For every page of a session in which nothing but servers is reached: no permissions at all. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  lockDevices(session);
}

function lockDevices(session: Session): void {
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}
