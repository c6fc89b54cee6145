/** The pages of an export: plain HTML without scripts, every text escaped, nothing fetched from anywhere. */
import type { FileReference, PagePreview } from '@matchbook/protocol/message-body';
import type { SpokenExport } from '../words/exported.ts';
import type { Told } from './told.ts';
import { escaped, writtenHtml } from './written.ts';

export const STYLE = `:root { color-scheme: light dark; --ink: #2b2521; --soft: #6d625b; --paper: #faf8f6; --box: #fff; --rule: #e4ded8; --own: #f6e3d8; --mark: #b5482a; }
@media (prefers-color-scheme: dark) { :root { --ink: #ece7e2; --soft: #a89e96; --paper: #1b1816; --box: #262220; --rule: #3a3430; --own: #4a3226; --mark: #e58a63; } }
body { margin: 0 auto; max-width: 48rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { margin: 2rem 0 .5rem; font-size: .85rem; color: var(--soft); border-bottom: 1px solid var(--rule); }
a { color: var(--mark); } .soft { color: var(--soft); font-size: .85rem; } ul.list { list-style: none; padding: 0; }
ul.list li { padding: .5rem 0; border-bottom: 1px solid var(--rule); }
article { margin: .5rem 0; padding: .5rem .75rem; border-radius: .7rem; background: var(--box); }
article.own { background: var(--own); } article:target { outline: 2px solid var(--mark); }
article { content-visibility: auto; contain-intrinsic-size: auto 5rem; } article header { display: flex; gap: .75rem; align-items: baseline; } article header b { font-weight: 650; }
.text { margin: .25rem 0; white-space: pre-wrap; } li > .text { margin: 0; } ul, ol { margin: .25rem 0; } code { font: .9em ui-monospace, monospace; } pre { padding: .5rem .75rem; border-radius: .5rem; background: var(--paper); overflow-x: auto; white-space: pre-wrap; }
.spoiler:not(:hover, :focus) { border-radius: .2rem; background: currentColor; } .system { text-align: center; color: var(--soft); font-size: .85rem; }
blockquote { margin: .25rem 0; padding-inline-start: .6rem; border-inline-start: 3px solid var(--mark); color: var(--soft); }
img, video { display: block; max-width: 100%; max-height: 24rem; border-radius: .5rem; margin: .25rem 0; } audio { display: block; width: 100%; max-width: 24rem; }
blockquote .text { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
details { font-size: .85rem; color: var(--soft); } details > p { margin: .5rem 0 0; }`;

/** @param up from the page to the folder of the export */
export function head(title: string, up: string, { language, direction }: SpokenExport): string {
  return `<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src 'self' file:">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="${up}style.css">
</head>
<body>
`;
}

export const FOOT = '</body>\n</html>\n';

/** Where an export has a file of a message; null where it was not to be had. */
export type PlaceOf = (file: FileReference) => string | null;

export function messageHtml(message: Told, own: boolean, placeOf: PlaceOf, said: SpokenExport): string {
  const { n, kind, sender, senderName } = message;
  const name = escaped(senderName ?? sender);
  if (kind !== 'message') return systemHtml(message, name, said);
  const marks = [message.pinned ? said.pinned : '', message.saved ? said.saved : ''].filter(Boolean);
  const parts = [
    message.forwarded
      ? `<p class="soft">${said.filled(escaped(said.forwarded), { name: `<bdi>${escaped(message.forwarded.by)}</bdi>` })}</p>`
      : '',
    answeredHtml(message, said),
    message.deleted
      ? `<p class="soft">${escaped(said.deleted)}</p>`
      : message.text
        ? writtenHtml(message.text)
        : '',
    ...(message.files ?? []).map((file) => fileHtml(file, placeOf(file), said)),
    message.preview ? previewHtml(message.preview) : '',
    message.reactions
      ? `<p class="soft">${message.reactions.map(({ emoji, byName, by }) => `${escaped(emoji ?? '')} <bdi>${escaped(byName ?? by)}</bdi>`).join(' · ')}</p>`
      : '',
    message.edits ? editsHtml(message, message.edits, said) : '',
  ];
  return `<article id="n${n}"${own ? ' class="own"' : ''}><header><b dir="auto">${name}</b>${timeHtml(message.time, said)}${marks.map((mark) => `<span class="soft">${escaped(mark)}</span>`).join('')}</header>${parts.join('')}</article>\n`;
}

const timeHtml = (time: string, said: SpokenExport): string =>
  `<time class="soft" datetime="${time}" title="${escaped(said.moment(time))}">${escaped(said.clock(time))}</time>`;

/** What is no message: who did what, with whom or what. */
function systemHtml({ n, time, kind, text, people = [] }: Told, name: string, said: SpokenExport): string {
  const whom = people.map((person) => `<bdi>${escaped(person.name ?? person.user)}</bdi>`).join(', ');
  const what = text ? ` “<bdi>${escaped(text)}</bdi>”` : '';
  return `<p class="system" id="n${n}">${timeHtml(time, said)} <bdi>${name}</bdi>: ${escaped(said.kind(kind))}${whom ? ` (${whom})` : ''}${what}</p>\n`;
}

/** The message that is answered, where it can be shown, and the way to it. */
function answeredHtml({ replyTo, quote }: Told, said: SpokenExport): string {
  if (replyTo === undefined) return '';
  const place = said.filled(said.replyTo, { n: String(replyTo) });
  const words = quote?.state === 'deleted' ? said.deleted : quote?.state === 'there' ? quote.text : null;
  if (!quote || words === null)
    return `<blockquote><a href="#n${replyTo}">${escaped(place)}</a></blockquote>`;
  const name = escaped(quote.senderName ?? quote.sender);
  return `<blockquote><a href="#n${replyTo}" title="${escaped(place)}"><b dir="auto">${name}</b></a><p class="text" dir="auto">${escaped(words)}</p></blockquote>`;
}

function previewHtml({ url, title, description, siteName }: PagePreview): string {
  const name = escaped(title ?? siteName ?? url);
  const about = description ? `<p class="text" dir="auto">${escaped(description)}</p>` : '';
  return `<blockquote><a href="${escaped(url)}" rel="noreferrer" dir="auto">${name}</a>${about}</blockquote>`;
}

/** Every text that it had before the present one, and when. */
function editsHtml({ time, first }: Told, edits: NonNullable<Told['edits']>, said: SpokenExport): string {
  const before = [{ time, text: first ?? null }, ...edits.slice(0, -1)];
  const texts = before.map((one) => `<p>${escaped(said.moment(one.time))}</p>${writtenHtml(one.text ?? '')}`);
  const last = edits.at(-1)!.time;
  return `<details><summary title="${escaped(said.moment(last))}">${escaped(said.edited)}</summary>${texts.join('')}</details>`;
}

function fileHtml(
  { name, type, size, waveform }: FileReference,
  place: string | null,
  said: SpokenExport,
): string {
  const label = `<bdi>${escaped(name)}</bdi> <span class="soft">${escaped(said.size(size))}</span>`;
  if (place === null) return `<p>${label} <span class="soft">${escaped(said.missing)}</span></p>`;
  const source = escaped(place);
  if (waveform || type.startsWith('audio/'))
    return `<audio controls preload="none" src="${source}"></audio><p class="soft">${label}</p>`;
  if (type.startsWith('video/'))
    return `<video controls preload="none" src="${source}"></video><p class="soft">${label}</p>`;
  if (/^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(type))
    return `<a href="${source}"><img loading="lazy" src="${source}" alt="${escaped(name)}"></a>`;
  return `<p><a href="${source}" download="${escaped(name)}">${label}</a></p>`;
}
