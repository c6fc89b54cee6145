/** Whether an export is whole: every file that its manifest names is there with its bytes, nothing else is, and conversations have as many lines as they should. */
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { createInterface } from 'node:readline';
import type { ExportCheck, ExportSummary } from '@matchbook/protocol/bridge/export';
import Type from 'typebox';
import { Check } from 'typebox/value';
import { LocalError } from '../bridge/local-failure.ts';
import { MANIFEST, PROGRESS, sha256Of } from './ledger.ts';

const Count = Type.Integer({ minimum: 0 });
const Manifest = Type.Object({
  format: Type.Literal('matchbook-export'),
  version: Type.Literal(1),
  created: Type.String(),
  name: Type.String(),
  server: Type.String(),
  summary: Type.Object({
    ...{ conversations: Count, messages: Count, entries: Count, files: Count },
    ...{ bytes: Count, missingEntries: Count, missingFiles: Count },
    // An older version wrote `true`.
    unanswered: Type.Optional(
      Type.Union([Type.Literal(true), Type.Literal('away'), Type.Literal('sign-in')]),
    ),
  }),
  files: Type.Array(
    Type.Object({
      path: Type.String(),
      bytes: Count,
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
      counts: Type.Optional(Type.Object({ messages: Count, entries: Count })),
    }),
  ),
});

/** Faults that are named. */
const NAMED = 100;

/** @throws LocalError where there is no export in the folder */
export async function checkExport(folder: string): Promise<ExportCheck> {
  const manifest = await manifestIn(folder);
  const { name, server, created, files } = manifest;
  const { unanswered, ...counted } = manifest.summary;
  const summary: ExportSummary = {
    ...counted,
    ...(unanswered === undefined ? {} : { unanswered: unanswered === true ? 'away' : unanswered }),
  };
  const named: ExportCheck['named'] = [];
  let faults = 0;
  const fault = (path: string, what: ExportCheck['named'][number]['fault']) => {
    faults++;
    if (named.length < NAMED) named.push({ path, fault: what });
  };
  for (const { path, bytes, sha256, counts } of files) {
    // A manifest that somebody changed leads nowhere else.
    if (path.includes('..') || path.startsWith('/') || path.includes('\\')) {
      fault(path, 'unknown');
      continue;
    }
    const place = join(folder, path);
    const about = await stat(place).catch(() => null);
    if (!about?.isFile()) fault(path, 'missing');
    else if (about.size !== bytes || (await sha256Of(place)) !== sha256) fault(path, 'changed');
    else if (counts && (await linesIn(place)) !== counts.entries) fault(path, 'count');
  }
  const notes = summary.unanswered ? [PROGRESS] : [];
  const known = new Set([MANIFEST, ...notes, ...files.map(({ path }) => path)]);
  for (const path of await allIn(folder)) if (!known.has(path)) fault(path, 'unknown');
  return { folder, name, server, created, summary, faults, named };
}

async function manifestIn(folder: string): Promise<Type.Static<typeof Manifest>> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => null);
  if (text === null) {
    const begun = await stat(join(folder, PROGRESS)).catch(() => null);
    throw new LocalError(
      begun ? 'export_unfinished' : 'no_export',
      begun ? 'This export was not finished.' : 'There is no export in this folder.',
    );
  }
  try {
    const manifest: unknown = JSON.parse(text);
    if (Check(Manifest, manifest)) return manifest;
  } catch {
    // Said below.
  }
  throw new LocalError('no_export', 'The manifest of this export cannot be read.');
}

/** Entries of a conversation's JSON, one a line. */
async function linesIn(path: string): Promise<number> {
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(path) }))
    if (line.startsWith('{"n":')) count++;
  return count;
}

async function allIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((one) => one.isFile())
    .map((one) =>
      join(one.parentPath ?? one.path, one.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    );
}
