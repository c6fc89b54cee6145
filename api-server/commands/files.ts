/** The stored files of a server, each read to its end and compared with its name. */
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { openStore } from '../db/open.ts';
import { blobStoreOf } from '../files/open.ts';
import { round } from '../files/scrub.ts';

/**
 * Also while the server runs; admins see there what is found here.
 *
 * @param rate bytes a second
 * @throws BlobFailure where the file store cannot be asked
 */
export async function verifyFiles(
  config: Config,
  log: Logger,
  rate: number,
): Promise<{ lines: string[]; whole: boolean }> {
  const store = await openStore(config, log);
  try {
    const { files, bytes } = await round(
      { store, blobs: blobStoreOf(config), now: Date.now },
      { rate, fresh: true, stopped: () => false, told: () => {} },
    );
    const faults = await store.db
      .selectFrom('fileFault')
      .innerJoin('file', 'file.hash', 'fileFault.hash')
      .select(['fileFault.hash', 'part', 'what', 'type', 'size'])
      .orderBy('fileFault.hash')
      .orderBy('part')
      .execute();
    return {
      whole: faults.length === 0,
      lines: [
        ...faults.map(
          ({ hash, part, what, type, size }) =>
            `${what}: ${part === 'thumbnail' ? 'the smaller image of ' : ''}${hash} (${type}, ${size} bytes)`,
        ),
        `${files} files, ${bytes} bytes: ${faults.length === 0 ? 'all as their names say' : `${faults.length} missing or damaged`}.`,
      ],
    };
  } finally {
    await store.close();
  }
}
