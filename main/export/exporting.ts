/**
 * One export of an account: every conversation as JSON and as a page, the files, what waits and what was begun, and a manifest by which all of it can be checked. Read and written
 * in pieces: what is in memory does not grow with what is exported.
 */
import { createReadStream } from 'node:fs';
import type { ExportSummary } from '@matchbook/protocol/bridge/export';
import type { ConversationRow, TimelinePage } from '@matchbook/protocol/bridge/views';
import type { HistoryPage } from '@matchbook/protocol/http/history';
import { LIMITS } from '@matchbook/protocol/limits';
import type { FileReference } from '@matchbook/protocol/message-body';
import { asFailure, LocalError } from '../bridge/local-failure.ts';
import { nameOnDisk } from '../files/file-name.ts';
import type { ShelvedFile } from '../files/shelf.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import { exportWords } from '../words/exported.ts';
import { words } from '../words/words.ts';
import type { ExportLedger } from './ledger.ts';
import { FOOT, head, messageHtml, STYLE } from './page.ts';
import { type Told, told } from './told.ts';
import { escaped } from './written.ts';

/** Lines of one question to the store. */
const PAGE = 500;

export interface ExportingParts {
  store: Pick<LocalStore, 'listConversations' | 'timelinePage' | 'storeFrames' | 'unsent'>;
  /** A range of entries from the account's server. @throws LocalError */
  fetchEntries(conv: string, from: number, to: number): Promise<HistoryPage>;
  /** A file of a message, here or from the server. @throws LocalError */
  file(hash: string, signal: AbortSignal): Promise<ShelvedFile>;
  progress(phase: 'conversations' | 'files' | 'closing', done: number, of: number): void;
  signal: AbortSignal;
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
  missing: { from: number; to: number }[];
}

type FileEntry = FileReference & { place: string };

/** @throws LocalError `cancelled`, or what went wrong; what is written stays, and the next one goes on from it */
export async function exportAll(ledger: ExportLedger, parts: ExportingParts): Promise<ExportSummary> {
  const { store, signal, progress } = parts;
  const { account, user, name, server } = ledger.header;
  const rows = (await store.listConversations(account)).sort((a, b) => (a.conv < b.conv ? -1 : 1));
  const all = rows.reduce((sum, { headN }) => sum + headN, 0);
  const files = new Map<string, FileEntry>();
  const exported: Exported[] = [];
  let done = 0;
  progress('conversations', 0, all);
  for (const [i, row] of rows.entries()) {
    const title = titleOf(row, user);
    const base = `conversations/${String(i + 1).padStart(3, '0')} ${nameOnDisk(title).slice(0, 60)}`;
    const one = await exportConversation(ledger, parts, { row, title, base, files }, (entries) =>
      progress('conversations', done + entries, all),
    );
    exported.push(one);
    done += row.headN;
  }

  const missingFiles: { hash: string; name: string; reason: string }[] = [];
  const wanted = [...files.values()];
  for (const [i, file] of wanted.entries()) {
    mustGoOn(signal);
    progress('files', i, wanted.length);
    if (ledger.written.has(file.place)) continue;
    try {
      const { path } = await parts.file(file.hash, signal);
      await ledger.write(file.place, createReadStream(path, { highWaterMark: 1024 * 1024 }));
    } catch (error) {
      const { kind, message } = asFailure(error);
      mustGoOn(signal);
      // Of one that nobody has the export says so; a full disk ends it.
      if (kind === 'disk_full' || (error as NodeJS.ErrnoException).code === 'ENOSPC')
        throw new LocalError('disk_full', message);
      missingFiles.push({ hash: file.hash, name: file.name, reason: message });
    }
  }

  progress('closing', 0, 1);
  const unsent = await store.unsent(account);
  await ledger.write('account.json', once(json({ name, user, server, exported: ledger.header.created })));
  await ledger.write('not-sent.json', once(json(unsent)));
  await ledger.write('style.css', once(STYLE));
  await ledger.write('index.html', once(indexHtml(ledger, exported, missingFiles.length)));
  mustGoOn(signal);
  const summary: ExportSummary = {
    conversations: exported.length,
    messages: exported.reduce((sum, { messages }) => sum + messages, 0),
    entries: exported.reduce((sum, { entries }) => sum + entries, 0),
    files: wanted.length - missingFiles.length,
    bytes: [...ledger.written.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    missingEntries: exported.reduce(
      (sum, { missing }) => sum + missing.reduce((count, { from, to }) => count + to - from + 1, 0),
      0,
    ),
    missingFiles: missingFiles.length,
  };
  await ledger.finish({ summary, conversations: exported, missingFiles });
  return summary;
}

async function exportConversation(
  ledger: ExportLedger,
  parts: ExportingParts,
  about: { row: ConversationRow; title: string; base: string; files: Map<string, FileEntry> },
  progress: (entries: number) => void,
): Promise<Exported> {
  const { row, title, base, files } = about;
  const { conv, form, members } = row;
  const { user } = ledger.header;
  const [jsonPath, htmlPath] = [`${base}.json`, `${base}.html`];
  const names = new Map(members.map((member) => [member.user, member.name]));
  const nameOf = (id: string) => names.get(id) ?? null;
  const missing: Exported['missing'] = [];
  const counts = { messages: 0, entries: 0, upTo: row.headN };
  const lines = async function* (): AsyncGenerator<Told> {
    for await (const page of pagesOf(parts, row, missing))
      for (const line of page) {
        const one = told(line, nameOf);
        for (const file of one.files ?? []) files.set(file.hash, { ...file, place: placeOf(file) });
        yield one;
      }
  };
  // The JSON is read from the store, and the page from the JSON's lines: both say the same.
  const before = ledger.written.get(jsonPath)?.counts;
  // What was written before is taken where nothing was said since.
  const kept = before?.upTo === row.headN ? before : undefined;
  if (!kept) {
    ledger.written.delete(htmlPath);
    const pieces = async function* () {
      yield `{"conversation": ${JSON.stringify({ conv, form, title, members })},\n"entries": [\n`;
      let first = true;
      for await (const one of lines()) {
        counts.entries++;
        if (one.kind === 'message') counts.messages++;
        progress(one.n);
        yield `${first ? '' : ',\n'}${JSON.stringify(one)}`;
        first = false;
      }
      yield `\n],\n"missing": ${JSON.stringify(missing)}}\n`;
    };
    await ledger.write(jsonPath, pieces(), () => counts);
  }
  const said = exportWords(words.language);
  const html = async function* () {
    yield head(title, '../', said);
    yield `<p class="soft"><a href="../index.html">${escaped(said.all)}</a></p>\n<h1 dir="auto">${escaped(title)}</h1>\n`;
    let day = '';
    for await (const one of lines()) {
      const its = said.day(one.time);
      if (its !== day) yield `<h2>${escaped(its)}</h2>\n`;
      day = its;
      yield messageHtml(one, one.sender === user, (file) => `../${files.get(file.hash)!.place}`, said);
    }
    for (const { from, to } of missing)
      yield `<p class="system">${escaped(said.filled(said.range, { from: String(from), to: String(to) }))}</p>\n`;
    yield FOOT;
  };
  // Also of what is whole the lines are gone through: they name the files.
  if (ledger.written.has(htmlPath)) for await (const _ of lines()) void _;
  else await ledger.write(htmlPath, html());
  const unique = [...new Map(missing.map((range) => [`${range.from}-${range.to}`, range])).values()];
  return { conv, title, form, json: jsonPath, html: htmlPath, ...(kept ?? counts), missing: unique };
}

/** All lines of a conversation, oldest first, what is not here from the server. @param missing ranges that could not be had */
async function* pagesOf(
  parts: ExportingParts,
  { account, conv, headN }: ConversationRow,
  missing: { from: number; to: number }[],
): AsyncGenerator<TimelinePage['rows']> {
  const { store, signal } = parts;
  const given = new Set<number>();
  for (let after = 1; after <= headN; ) {
    mustGoOn(signal);
    let page = await store.timelinePage({ account, conv, after, limit: PAGE });
    for (const hole of page.holes) if (!given.has(hole.from)) await fill(parts, conv, account, hole);
    if (page.holes.length > 0) page = await store.timelinePage({ account, conv, after, limit: PAGE });
    for (const hole of page.holes) {
      if (given.has(hole.from)) continue;
      given.add(hole.from);
      missing.push({ from: hole.from, to: Math.min(hole.to, headN) });
    }
    // What came since it began is for the next one: page and JSON say the same.
    yield page.rows.filter(({ n }) => n !== null && n <= headN);
    const last = page.rows.at(-1)?.n;
    if (last === undefined || last === null) return;
    after = last + 1;
  }
}

/** As far as the server has it. That it cannot be asked is no failure of the export: what is missing is named. */
async function fill(
  parts: ExportingParts,
  conv: string,
  account: string,
  hole: { from: number; to: number },
): Promise<void> {
  const { store, fetchEntries, signal } = parts;
  for (let from = hole.from; from <= hole.to; from += LIMITS.pageEntries) {
    mustGoOn(signal);
    const to = Math.min(hole.to, from + LIMITS.pageEntries - 1);
    try {
      const page = await fetchEntries(conv, from, to);
      const raw = Buffer.from(JSON.stringify({ t: 'page', ref: 0, ...page }));
      await store.storeFrames({ account, raws: [new Uint8Array(raw)] });
      // The newest part of what was asked for comes first: the rest is asked for again.
      if (page.from > from) await fill(parts, conv, account, { from, to: page.from - 1 });
    } catch (error) {
      if (signal.aborted) throw error;
      return;
    }
  }
}

function mustGoOn(signal: AbortSignal): void {
  if (signal.aborted) throw new LocalError('cancelled', 'The export was cancelled.');
}

/** Named by what is in it, with the ending by which other programs know it. */
function placeOf({ hash, name }: FileReference): string {
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0].toLowerCase() ?? '';
  // What a browser would run beside the pages keeps its name inside of the page only.
  const safe = /^\.(html?|xhtml|svg|xml|js|mjs|css)$/.test(ending) ? `${ending}.txt` : ending;
  return `files/${hash}${safe}`;
}

export const titleOf = ({ name, self, members }: ConversationRow, user: string): string =>
  name ??
  (self
    ? exportWords(words.language).self
    : members
        .filter((member) => member.user !== user)
        .map((member) => member.name ?? member.user)
        .join(', ') || exportWords(words.language).conversation);

function indexHtml(ledger: ExportLedger, exported: readonly Exported[], missingFiles: number): string {
  const { name, server, created } = ledger.header;
  const said = exportWords(words.language);
  const at = said.moment(created);
  const items = exported.map(
    ({ title, html, messages, missing }) =>
      `<li><a href="${escaped(html.split('/').map(encodeURIComponent).join('/'))}" dir="auto">${escaped(title)}</a> <span class="soft">${escaped(said.count(messages, said.messages))}${missing.length > 0 ? ` · ${escaped(said.notAll)}` : ''}</span></li>`,
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
