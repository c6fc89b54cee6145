import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { imageLibrary } from './image-library.ts';
import { Images } from './images.ts';

const linux = process.platform === 'linux';

it.runIf(linux)(
  'within Electron on Linux images are read without the native build, each kind of them',
  async () => {
    const { arch, versions } = process;
    const sharp = await imageLibrary({ platform: 'linux', arch, versions: { ...versions, electron: '1' } });
    const loaded = Object.entries(createRequire(import.meta.url).cache).filter(
      ([path, module]) => /sharp-(linux|darwin|win32|wasm32)/.test(path) && module?.exports !== null,
    );
    expect(loaded.map(([path]) => path)).not.toContainEqual(expect.stringMatching(/\.node$/));
    expect(loaded).not.toEqual([]);

    const folder = mkdtempSync(join(tmpdir(), 'matchbook-images-'));
    try {
      const images = new Images(pino({ level: 'silent' }));
      for (const type of ['png', 'jpeg', 'gif', 'webp', 'avif'] as const) {
        const path = join(folder, type);
        await sharp({ create: { width: 90, height: 60, channels: 3, background: '#c40' } })
          .toFormat(type)
          .toFile(path);
        const facts = await images.facts(path, `image/${type}`, join(folder, 'small'));
        expect(facts, type).toEqual({ width: 90, height: 60, blurhash: expect.stringMatching(/^.{6,}$/) });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
