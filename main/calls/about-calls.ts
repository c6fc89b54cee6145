/** What windows may ask about the app itself: versions, licences, logs, what the history takes up, zoom. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ABOUT_CALLS, AboutView, LicenceView } from '@matchbook/protocol/bridge/about';
import type { WebContents } from 'electron';
import type { ReadyAccount } from '../accounts/account-list.ts';
import type { Handlers } from '../bridge/bridge.ts';
import { LocalError } from '../bridge/local-failure.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import { showFolder } from '../outside.ts';

/** Chromium's steps: each is a fifth. 200 % is 3.8 of them. */
const ZOOM = { least: -3, most: 5, step: 0.5, factor: 1.2 };

export interface AboutCallParts {
  versions: AboutView;
  /** Folder of the logs. */
  logs: string;
  /** Folder that the build fills. */
  licences: string;
  store: Pick<LocalStore, 'historyUse' | 'clearHistory'>;
  accounts(): readonly ReadyAccount[];
  page(sender: number): WebContents | null;
}

export function aboutCalls(parts: AboutCallParts): Handlers<typeof ABOUT_CALLS> {
  const { store, page } = parts;
  return {
    'about.app': () => parts.versions,
    'about.licences': async () => {
      try {
        return await readLicences(parts.licences);
      } catch {
        throw new LocalError('store_failed', 'The list of licences is not part of this build.');
      }
    },
    'about.showLogs': async () => {
      await showFolder(parts.logs);
      return null;
    },
    'storage.use': () =>
      Promise.all(
        parts
          .accounts()
          .map(async ({ account, name }) => ({ account, name, ...(await store.historyUse(account)) })),
      ),
    'storage.clear': async ({ account }) => {
      await store.clearHistory(account);
      return null;
    },
    'window.zoom': ({ by }, sender) => {
      const contents = page(sender);
      if (!contents) return { percent: 100 };
      const now = contents.getZoomLevel();
      const wanted = by === 'reset' ? 0 : now + (by === 'in' ? ZOOM.step : -ZOOM.step);
      const level = Math.min(ZOOM.most, Math.max(ZOOM.least, wanted));
      contents.setZoomLevel(level);
      return { percent: Math.round(100 * ZOOM.factor ** level) };
    },
  };
}

/** Of every part of the build, each package once, by name. */
async function readLicences(folder: string): Promise<LicenceView[]> {
  const files = await readdir(folder);
  const parts = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as LicenceView[]),
  );
  const all = new Map(parts.flat().map((one) => [`${one.name} ${one.version}`, one]));
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
