/** `matchbook://message/<conversation>/<n>`: a place in a conversation. It opens nothing to who is not in it. */

export interface MessageLink {
  conv: string;
  n: number;
}

const LINK = /^\s*matchbook:\/\/message\/([A-Za-z0-9_-]{1,64})\/([1-9][0-9]{0,14})\/?\s*$/;

export const formatMessageLink = ({ conv, n }: MessageLink): string => `matchbook://message/${conv}/${n}`;

/** Null for anything else; white space around a pasted link is forgiven. */
export function parseMessageLink(text: string): MessageLink | null {
  const match = LINK.exec(text);
  return match && { conv: match[1]!, n: Number(match[2]) };
}
