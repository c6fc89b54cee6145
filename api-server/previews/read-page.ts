/** What a page says about itself in its head: Open Graph (ogp.me), Twitter cards, title, description. */
import { textFault } from '@matchbook/protocol/text';
import { Parser } from 'htmlparser2';
import type { Page } from './fetch-page.ts';

export interface Preview {
  url: string;
  title: string | null;
  description: string | null;
  siteName: string | null;
}

const LENGTHS = { title: 200, description: 400, siteName: 80 } as const;
/** Bytes in which a page may say its encoding (html.spec.whatwg.org, prescan). */
const PRESCAN = 1_024;

export function readPage({ url, contentType, body }: Page): Preview {
  const meta = new Map<string, string>();
  let title = '';
  let inTitle = false;
  let done = false;
  const parser = new Parser(
    {
      onopentag(name, { property, name: key, content }) {
        if (name === 'body') done = true;
        inTitle = name === 'title' && title === '';
        const said = (property ?? key)?.toLowerCase();
        if (name === 'meta' && !done && said && content !== undefined && !meta.has(said))
          meta.set(said, content);
      },
      ontext(text) {
        if (inTitle) title += text;
      },
      onclosetag(name) {
        if (name === 'title') inTitle = false;
        if (name === 'head') done = true;
      },
    },
    { decodeEntities: true },
  );
  const text = decoded(body, contentType);
  const PIECE = 8_192;
  for (let at = 0; at < text.length && !done; at += PIECE) parser.write(text.slice(at, at + PIECE));
  parser.end();
  const first = (...names: string[]) => names.map((name) => meta.get(name)).find((one) => one?.trim());
  return {
    url,
    title: cut(first('og:title', 'twitter:title') ?? title, LENGTHS.title),
    description: cut(first('og:description', 'twitter:description', 'description'), LENGTHS.description),
    siteName: cut(first('og:site_name'), LENGTHS.siteName),
  };
}

function decoded(body: Buffer, contentType: string): string {
  const said =
    /charset\s*=\s*"?([\w-]+)/i.exec(contentType) ??
    /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(body.toString('latin1', 0, PRESCAN));
  try {
    return new TextDecoder(said?.[1] ?? 'utf-8').decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}

/** One line, without what turns the reading direction or has no form. */
function cut(text: string | undefined, length: number): string | null {
  const line = (text ?? '').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  if (line === '' || textFault(line)) return null;
  const characters = [...line];
  return characters.length <= length ? line : `${characters.slice(0, length - 1).join('')}…`;
}
