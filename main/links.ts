/** Opening links from messages: only schemes that cannot run anything, and only after the person has seen where they lead. */
import { LocalError } from './bridge/local-failure.ts';
import { words } from './words/words.ts';

const SCHEMES = new Set(['https:', 'http:', 'mailto:']);

/** Fields of a mailto: link (RFC 6068) that only fill in text. Some mail programs know others that attach files of this computer. */
const MAIL_FIELDS = new Set(['to', 'cc', 'bcc', 'subject', 'body', 'in-reply-to']);

export interface LinkParts {
  /** Asks the person; true to go on. */
  confirm(message: string, detail: string): Promise<boolean>;
  open(url: string): Promise<void>;
}

/** @throws LocalError `bad_link` for any other scheme and for what is no address */
export async function openLink(text: string, { confirm, open }: LinkParts): Promise<void> {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new LocalError('bad_link', 'This is not a link that can be opened.');
  }
  if (!SCHEMES.has(url.protocol))
    throw new LocalError('bad_link', `Links of the kind ${url.protocol} are not opened.`);
  if (url.protocol === 'mailto:')
    for (const field of [...url.searchParams.keys()])
      if (!MAIL_FIELDS.has(field.toLowerCase())) url.searchParams.delete(field);
  const question = url.protocol === 'mailto:' ? words.dialog.writeMail : words.openHost(url.host);
  const warning = url.protocol === 'http:' ? `\n\n${words.dialog.notEncrypted}` : '';
  if (await confirm(question, url.href.slice(0, 500) + warning)) await open(url.href);
}
