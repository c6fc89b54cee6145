import { parseMessageLink } from '@matchbook/protocol/message-link';
import { find } from 'linkifyjs';
import { Fragment, type MouseEvent, type ReactNode } from 'react';
import { ALL } from '../../store/mentions.ts';
import { useMatchbook } from '../use-store.ts';

const OPENS = /^(https?:\/\/|mailto:)/i;

/** Whom a text names, in the order in which longer names win; `own` is the reader. */
export interface Named {
  people: readonly { user: string; name: string }[];
  own: string;
}

const MESSAGE_LINK = /matchbook:\/\/message\/[\w-]+\/\d+/g;

interface FoundLink {
  start: number;
  end: number;
  href: string;
}

/** Addresses of the web, and of messages, in the order of the text. */
function linksIn(text: string): FoundLink[] {
  // No address is without one of these between two other characters.
  if (!/[^\s][.:@][^\s]/.test(text)) return [];
  const found: FoundLink[] = find(text).filter(({ href }) => OPENS.test(href));
  if (text.includes('matchbook://'))
    for (const match of text.matchAll(MESSAGE_LINK))
      if (parseMessageLink(match[0]))
        found.push({ start: match.index, end: match.index + match[0].length, href: match[0] });
  return found.sort((one, other) => one.start - other.start || other.end - one.end);
}

/** A piece of text: addresses in it become links, people in it are marked. */
export function Leaf({ text, named }: { text: string; named: Named | undefined }): ReactNode {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const link of linksIn(text)) {
    if (link.start < end) continue;
    if (link.start > end) parts.push(text.slice(end, link.start));
    parts.push(
      <Link key={link.start} href={link.href}>
        {text.slice(link.start, link.end)}
      </Link>,
    );
    end = link.end;
  }
  if (end < text.length) parts.push(text.slice(end));
  if (!named || named.people.length === 0) return <>{parts}</>;
  return (
    <>
      {parts.map((part, i) => (
        <Fragment key={i}>{typeof part === 'string' ? mentionsIn(part, named) : part}</Fragment>
      ))}
    </>
  );
}

/** Links ask main to open them, and those to messages lead there; the window itself never goes anywhere. */
export function Link({ href, children }: { href: string; children: string }) {
  const store = useMatchbook();
  const open = (event: MouseEvent) => {
    event.preventDefault();
    void (parseMessageLink(href) ? store.navigation.openMessageLink(href) : store.openLink(href));
  };
  return (
    <a href={href} rel="noreferrer" title={href} onClick={open} onAuxClick={open}>
      {children}
    </a>
  );
}

function mentionsIn(text: string, { people, own }: Named): ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (at < end) continue;
    const found = people.find(
      ({ name }) => text.startsWith(name, at + 1) && !/^[\p{L}\p{N}]/u.test(text.slice(at + 1 + name.length)),
    );
    if (!found) continue;
    if (found.user === ALL) {
      if (at > end) parts.push(text.slice(end, at));
      end = at + 1 + found.name.length;
      parts.push(
        <span key={at} className="mention mention-everyone" data-testid="mention-everyone">
          @<bdi>{found.name}</bdi>
        </span>,
      );
      continue;
    }
    const toOwn = people.some(({ user, name }) => user === own && name === found.name);
    if (at > end) parts.push(text.slice(end, at));
    end = at + 1 + found.name.length;
    parts.push(
      <span
        key={at}
        className={toOwn ? 'mention mention-own' : 'mention'}
        data-testid="mention"
        data-user={toOwn ? own : found.user}
      >
        @<bdi>{found.name}</bdi>
      </span>,
    );
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}
