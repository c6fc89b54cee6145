/** The room of files, from the configuration. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Store } from '../db/store.ts';
import type { BlobStore } from './blob-store.ts';
import { claim, claimAtStart } from './bucket.ts';
import { diskBlobs } from './disk-blobs.ts';
import { Files } from './files.ts';
import { Housekeeping } from './housekeeping.ts';
import { Images } from './images.ts';
import { s3Blobs } from './s3-blobs.ts';
import { Scrub } from './scrub.ts';
import { type UploadLimits, Uploads } from './uploads.ts';

export function blobStoreOf({ s3, filesDir }: Pick<Config, 's3' | 'filesDir'>): BlobStore {
  return s3 ? s3Blobs(s3) : diskBlobs(join(filesDir, 'stored'));
}

export function openFiles(
  config: Config,
  {
    store,
    log,
    now,
    isAllSaved,
    limits,
  }: {
    store: Store;
    log: Logger;
    now: () => number;
    isAllSaved: () => Promise<boolean>;
    limits: () => UploadLimits;
  },
): {
  files: Files;
  uploads: Uploads;
  housekeeping: Housekeeping;
  scrub: Scrub;
  /** Says that the bucket is this server's. */
  claimBucket: () => Promise<void>;
} {
  const { filesDir: folder, origins } = config;
  const blobs = blobStoreOf(config);
  const images = new Images(log);
  const files = new Files({ store, blobs, images, refused: config.fileTypesRefused, log, now });
  const uploads = new Uploads({
    ...{ store, files, origins, log, now },
    folder: join(folder, 'uploads'),
    limits,
  });
  const { scrubDays: days, scrubRate: rate } = config;
  return {
    ...{ files, uploads },
    housekeeping: new Housekeeping({ files, uploads, isAllSaved, claim: () => claim(store, blobs), log }),
    claimBucket: () => claimAtStart(store, blobs, log),
    scrub: new Scrub({ store, blobs, log, now, days, rate }),
  };
}
