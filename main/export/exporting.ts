/**
 * One export of an account: every conversation as JSON and as a page, the files, what waits and what was begun, and a manifest by which all of it can be checked. Read and written
 * in pieces: what is in memory does not grow with what is exported.
 */
import { createReadStream } from 'node:fs';
import type { ExportPhase, ExportSummary } from '@matchbook/protocol/bridge/export';
import type { FileReference } from '@matchbook/protocol/message-body';
import { asFailure, LocalError } from '../bridge/local-failure.ts';
import type { ShelvedFile } from '../files/shelf.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import { exportWords } from '../words/exported.ts';
import { words } from '../words/words.ts';
import { type Chapter, chaptersOf } from './chapters.ts';
import { type Answers, answersBy, type FetchingParts, fetchMissing } from './fetching.ts';
import type { ExportLedger } from './ledger.ts';
import { type LinesParts, linesOf, mustGoOn, type Range } from './lines.ts';
import { FOOT, head, messageHtml, type PlaceOf, STYLE } from './page.ts';
import { iso } from './told.ts';
import { escaped } from './written.ts';

/** A message is known to a server by then, and so is who may read its files, ms. */
const OLD = 60_000;

export interface HowFile {
  signal: AbortSignal;
  /** Its message was said long ago: who has no such file will not have it in a moment. */
  old: boolean;
}

export interface ExportingParts extends LinesParts, FetchingParts {
  store: LinesParts['store'] &
    FetchingParts['store'] &
    Pick<LocalStore, 'keepHistory' | 'knownPeople' | 'listConversations' | 'unsent'>;
  /** A file of a message, here or from the server. @throws LocalError */
  file(hash: string, how: HowFile): Promise<ShelvedFile>;
  /** When it began, wall clock, ms. */
  now: number;
  progress(phase: ExportPhase, done: number, of: number): void;
}

interface Exported {
  conv: string;
  title: string;
  form: string;
  json: string;
  html: string;
  messages: number;
  entries: number;
  /** Ranges of places that neither this device nor the server had. */
  missing: Range[];
}

type FileEntry = FileReference & { place: string; old: boolean };
type Files = Map<string, FileEntry>;

/** @throws LocalError `cancelled`, or what went wrong; what is written stays, and the next one goes on from it */
export async function exportAll(ledger: ExportLedger, parts: ExportingParts): Promise<ExportSummary> {
  const { store } = parts;
  const { account } = ledger.header;
  try {
    await store.keepHistory(account, true);
    return await writeAll(ledger, parts);
  } finally {
    // Where the store is gone by now there is nothing to be let go of.
    await store.keepHistory(account, false).catch(() => {});
  }
}

async function writeAll(ledger: ExportLedger, parts: ExportingParts): Promise<ExportSummary> {
  const { store, signal, progress } = parts;
  const { account, user, name, server } = ledger.header;
  const chapters = await chaptersOf(ledger, store);
  const answered = await fetchMissing(parts, chapters, (done, of) => progress('fetching', done, of));
  const all = chapters.reduce((sum, { row }) => sum + row.headN, 0);
  const files: Files = new Map();
  const exported: Exported[] = [];
  let done = 0;
  progress('conversations', 0, all);
  for (const chapter of chapters) {
    const upTo = done;
    exported.push(
      await writeJson(ledger, parts, chapter, files, (n) => progress('conversations', upTo + n, all)),
    );
    done += chapter.row.headN;
  }

  const { missing: missingFiles, answers: answeredFiles } = await writeFiles(ledger, parts, files);
  const unanswered = [answered, answeredFiles].find((one) => one !== 'all');

  // Pages come last: they say which files nobody had.
  const absent = new Set(missingFiles.map(({ hash }) => hash));
  const placeOf = ({ hash }: FileReference) => (absent.has(hash) ? null : `../${files.get(hash)!.place}`);
  done = 0;
  for (const chapter of chapters) {
    const upTo = done;
    await writePage(ledger, parts, chapter, placeOf, (n) => progress('closing', upTo + n, all));
    done += chapter.row.headN;
  }
  progress('closing', all, all);
  const unsent = await store.unsent(account);
  await ledger.write('account.json', once(json({ name, user, server, exported: ledger.header.created })));
  await ledger.write('not-sent.json', once(json(unsent)));
  await ledger.write('style.css', once(STYLE));
  await ledger.write('index.html', once(indexHtml(ledger, chapters, exported, missingFiles.length)));
  mustGoOn(signal);
  await ledger.keepOnly([
    ...['account.json', 'not-sent.json', 'style.css', 'index.html'],
    ...exported.flatMap((one) => [one.json, one.html]),
    ...[...files.values()].map(({ place }) => place),
  ]);
  const sum = (of: (one: Exported) => number) => exported.reduce((total, one) => total + of(one), 0);
  const summary: ExportSummary = {
    conversations: exported.length,
    messages: sum(({ messages }) => messages),
    entries: sum(({ entries }) => entries),
    files: files.size - missingFiles.length,
    bytes: [...ledger.written.values()].reduce((total, { bytes }) => total + bytes, 0),
    missingEntries: sum(({ missing }) => placesIn(missing)),
    missingFiles: missingFiles.length,
    ...(unanswered ? { unanswered } : {}),
  };
  await ledger.finish({ summary, conversations: exported, missingFiles }, unanswered === undefined);
  return summary;
}

async function writeJson(
  ledger: ExportLedger,
  parts: ExportingParts,
  chapter: Chapter,
  files: Files,
  progress: (upTo: number) => void,
): Promise<Exported> {
  const { row, title, json: path, html } = chapter;
  const { conv, form, members, headN } = row;
  const missing: Range[] = [];
  const counts = { messages: 0, entries: 0, upTo: headN, missing: 0 };
  const lines = async function* () {
    for await (const one of linesOf(parts, chapter, missing)) {
      const old = parts.now - Date.parse(one.time) > OLD;
      for (const file of one.files ?? []) files.set(file.hash, { ...file, place: placeIn(file), old });
      progress(one.n);
      yield one;
    }
  };
  const before = ledger.written.get(path)?.counts;
  // What was written before is taken where it was whole and nothing was said since; its lines are gone through for the files that they name.
  const kept = before?.upTo === headN && before.missing === 0 ? before : undefined;
  if (kept) for await (const _ of lines()) void _;
  else {
    const pieces = async function* () {
      yield `{"conversation": ${JSON.stringify({ conv, form, title, members })},\n"entries": [\n`;
      let first = true;
      for await (const one of lines()) {
        counts.entries++;
        if (one.kind === 'message') counts.messages++;
        yield `${first ? '' : ',\n'}${JSON.stringify(one)}`;
        first = false;
      }
      yield `\n],\n"missing": ${JSON.stringify(missing)}}\n`;
    };
    await ledger.write(path, pieces(), () => ({ ...counts, missing: placesIn(missing) }));
  }
  return { conv, title, form, json: path, html, ...(kept ?? counts), missing };
}

/** @returns those that could not be had */
async function writeFiles(
  ledger: ExportLedger,
  { file: wanted, progress, signal }: ExportingParts,
  files: Files,
): Promise<{ missing: { hash: string; name: string; reason: string }[]; answers: Answers }> {
  let answers: Answers = 'all';
  const missing: { hash: string; name: string; reason: string }[] = [];
  for (const [i, file] of [...files.values()].entries()) {
    mustGoOn(signal);
    progress('files', i, files.size);
    if (ledger.written.has(file.place)) continue;
    try {
      const { path } = await wanted(file.hash, { signal, old: file.old });
      await ledger.write(file.place, createReadStream(path, { highWaterMark: 1024 * 1024 }));
    } catch (error) {
      const { kind, message } = asFailure(error);
      mustGoOn(signal);
      // Of one that nobody has the export says so; a full disk ends it.
      if (kind === 'disk_full' || (error as NodeJS.ErrnoException).code === 'ENOSPC')
        throw new LocalError('disk_full', message);
      missing.push({ hash: file.hash, name: file.name, reason: message });
      const answer = answersBy(kind);
      if (answers === 'all' && answer !== 'refused') answers = answer;
    }
  }
  return { missing, answers };
}

async function writePage(
  ledger: ExportLedger,
  parts: ExportingParts,
  chapter: Chapter,
  placeOf: PlaceOf,
  progress: (upTo: number) => void,
): Promise<void> {
  const missing: Range[] = [];
  const { user } = ledger.header;
  const said = exportWords(words.language);
  const pieces = async function* () {
    yield head(chapter.title, '../', said);
    yield `<p class="soft"><a href="../index.html">${escaped(said.all)}</a></p>\n<h1 dir="auto">${escaped(chapter.title)}</h1>\n`;
    let day = '';
    for await (const one of linesOf(parts, chapter, missing)) {
      const its = said.day(one.time);
      if (its !== day) yield `<h2>${escaped(its)}</h2>\n`;
      day = its;
      yield messageHtml(one, one.sender === user, placeOf, said);
      progress(one.n);
    }
    for (const { from, to } of missing)
      yield `<p class="system">${escaped(said.filled(said.range, { from: String(from), to: String(to) }))}</p>\n`;
    yield FOOT;
  };
  await ledger.write(chapter.html, pieces());
}

const placesIn = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);

/** Named by what is in it, with the ending by which other programs know it. */
function placeIn({ hash, name }: FileReference): string {
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0].toLowerCase() ?? '';
  // What a browser would run beside the pages keeps its name inside of the page only.
  const safe = /^\.(html?|xhtml|svg|xml|js|mjs|css)$/.test(ending) ? `${ending}.txt` : ending;
  return `files/${hash}${safe}`;
}

function indexHtml(
  ledger: ExportLedger,
  chapters: readonly Chapter[],
  exported: readonly Exported[],
  missingFiles: number,
): string {
  const { name, server, created } = ledger.header;
  const said = exportWords(words.language);
  const at = said.moment(created);
  // As the app lists them: what was used last is on top.
  const order = chapters
    .map(({ row }, i) => ({ ...exported[i]!, time: row.time }))
    .sort((a, b) => b.time - a.time);
  const items = order.map(
    ({ title, html, messages, missing, time }) =>
      `<li><a href="${escaped(html.split('/').map(encodeURIComponent).join('/'))}" dir="auto">${escaped(title)}</a> <span class="soft">${escaped(said.count(messages, said.messages))}${missing.length > 0 ? ` · ${escaped(said.notAll)}` : ''} · ${escaped(said.date(iso(time)))}</span></li>`,
  );
  return `${head(`${name} · ${server}`, '', said)}<h1 dir="auto">${escaped(name)}</h1>
<p class="soft">${escaped(said.filled(said.lead, { server, time: at, zone: said.zone }))}${missingFiles > 0 ? ` ${escaped(said.count(missingFiles, said.missingFiles))}` : ''}</p>
<ul class="list">
${items.join('\n')}
</ul>
<p class="soft">${said.filled(escaped(said.beside), { unsent: '<a href="not-sent.json">not-sent.json</a>', manifest: 'manifest.json' })}</p>
${FOOT}`;
}

const json = (value: object): string => `${JSON.stringify(value, null, 1)}\n`;

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
