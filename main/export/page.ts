/** The pages of an export: plain HTML without scripts, every text escaped, nothing fetched from anywhere. */
import type { FileReference } from '@matchbook/protocol/message-body';
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
article.own { background: var(--own); } article header { display: flex; gap: .75rem; align-items: baseline; } article header b { font-weight: 650; }
.text { margin: .25rem 0; white-space: pre-wrap; } li > .text { margin: 0; } ul, ol { margin: .25rem 0; } code { font: .9em ui-monospace, monospace; } pre { padding: .5rem .75rem; border-radius: .5rem; background: var(--paper); overflow-x: auto; white-space: pre-wrap; }
.spoiler:not(:hover, :focus) { border-radius: .2rem; background: currentColor; } .system { text-align: center; color: var(--soft); font-size: .85rem; }
blockquote { margin: .25rem 0; padding-inline-start: .6rem; border-inline-start: 3px solid var(--mark); color: var(--soft); }
img, video { display: block; max-width: 100%; max-height: 24rem; border-radius: .5rem; margin: .25rem 0; } audio { display: block; width: 100%; max-width: 24rem; }
details { font-size: .85rem; color: var(--soft); }`;

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
  const { n, time, kind, sender, senderName } = message;
  const name = escaped(senderName ?? sender);
  const at = `<time class="soft" datetime="${time}" title="${escaped(said.moment(time))}">${escaped(said.clock(time))}</time>`;
  if (kind !== 'message')
    return `<p class="system" id="n${n}">${at} <bdi>${name}</bdi>: ${escaped(said.kind(kind))}${message.text ? ` “<bdi>${escaped(message.text)}</bdi>”` : ''}</p>\n`;
  const parts = [
    message.replyTo === undefined
      ? ''
      : `<blockquote><a href="#n${message.replyTo}">${escaped(said.filled(said.replyTo, { n: String(message.replyTo) }))}</a></blockquote>`,
    message.deleted
      ? `<p class="soft">${escaped(said.deleted)}</p>`
      : message.text
        ? writtenHtml(message.text)
        : '',
    ...(message.files ?? []).map((file) => fileHtml(file, placeOf(file), said)),
    message.reactions
      ? `<p class="soft">${message.reactions.map(({ emoji, byName, by }) => `${escaped(emoji ?? '')} <bdi>${escaped(byName ?? by)}</bdi>`).join(' · ')}</p>`
      : '',
    message.edits
      ? `<details><summary>${escaped(said.edited)}</summary>${[
          message.first,
          ...message.edits.slice(0, -1).map(({ text }) => text),
        ]
          .map((text) => writtenHtml(text ?? ''))
          .join('')}</details>`
      : '',
  ];
  return `<article id="n${n}"${own ? ' class="own"' : ''}><header><b dir="auto">${name}</b>${at}</header>${parts.join('')}</article>\n`;
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
