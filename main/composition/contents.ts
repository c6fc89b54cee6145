/** Files, groups that are learnt of later, and the way out of the app for everything: exports. */
import { join } from 'node:path';
import { HistoryPage } from '@matchbook/protocol/http/history';
import { Exports } from '../export/exports.ts';
import { askFolder, revealFile } from '../files/file-desktop.ts';
import { fileParts } from '../files/file-parts.ts';
import { MessageFiles } from '../files/message-files.ts';
import { GroupTeacher } from '../people/group-teacher.ts';
import { everyPage } from '../windows/every-page.ts';
import type { Accounts, Contents, Ground, Views } from './parts.ts';

export function contentsRoom(standing: Ground & Views & Accounts): Contents {
  const { launch, preferences, store, api, newId, log, setTimer, sleep } = standing;
  const { windows, accounts, server, raise } = standing;

  const files = fileParts({
    ...{ accounts, api, store, newId, log, setTimer, sleep },
    requests: server,
    directory: join(launch.profile, 'accounts'),
    limit: () => preferences.all.storage.keptBytes,
    transfersChanged: (account, transfers) => windows.tell('files.transfers', { account, transfers }),
    savingChanged: (saving) => windows.tell('files.saving', saving),
    trayChanged: (address) => windows.tell('files.tray', address),
    traySetAside: (place) => void raise({ id: 'tray-mended', detail: place }),
    reveal: revealFile,
    now: Date.now,
    clock: () => performance.now(),
    random: Math.random,
  });
  preferences.onChanged(() => void files.shelf.evict());
  const messageFiles = new MessageFiles({
    ...{ files, store, log },
    trayChanged: (address) => windows.tell('files.tray', address),
  });
  const exports = new Exports({
    ...{ store, log, reveal: revealFile, now: Date.now },
    account: (account) => accounts.get(account),
    fetchEntries: (account, conv, from, to) =>
      server.get(account, `/api/conversations/${conv}/entries?from=${from}&to=${to}`, HistoryPage),
    file: (account, hash, how) => files.downloads.whole(account, hash, how),
    askFolder: (sender) => askFolder(windows.of(sender)),
    changed: (state) => windows.tell('export.changed', state),
  });
  const { microphone } = launch.first;
  everyPage((contents) => {
    const page = contents.id;
    const gone = () => {
      microphone.allow(page, false);
      files.recordings.gone(page);
    };
    contents.on('destroyed', gone);
    contents.on('render-process-gone', gone);
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) gone();
    });
  });
  return {
    ...{ microphone, files, messageFiles, exports },
    groupTeacher: new GroupTeacher({ store, server, setTimer }),
  };
}
