import { find } from 'linkifyjs';
import type { MouseEvent } from 'react';
import { useMatchbook } from '../use-store.ts';

const OPENS = /^(https?:\/\/|mailto:)/i;

/** What somebody wrote: text nodes and nothing else. Links ask main to open them; the window itself never goes anywhere. */
export function MessageText({ text }: { text: string }) {
  const store = useMatchbook();
  const parts: (string | { href: string; text: string; at: number })[] = [];
  let end = 0;
  for (const link of find(text)) {
    if (!OPENS.test(link.href)) continue;
    if (link.start > end) parts.push(text.slice(end, link.start));
    parts.push({ href: link.href, text: text.slice(link.start, link.end), at: link.start });
    end = link.end;
  }
  if (end < text.length) parts.push(text.slice(end));
  const open = (event: MouseEvent, href: string) => {
    event.preventDefault();
    void store.openLink(href);
  };
  return (
    <div className="message-text" dir="auto">
      {parts.map((part) =>
        typeof part === 'string' ? (
          part
        ) : (
          <a
            key={part.at}
            href={part.href}
            rel="noreferrer"
            title={part.href}
            onClick={(event) => open(event, part.href)}
            onAuxClick={(event) => open(event, part.href)}
          >
            {part.text}
          </a>
        ),
      )}
    </div>
  );
}
