/** What people write, as a tree: a subset of Markdown, and nothing that a page could run. There is no node for HTML. */

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike' | 'spoiler'; inside: Inline[] }
  | { kind: 'code'; text: string }
  /** `href` has one of the schemes of LINKS. */
  | { kind: 'link'; href: string; inside: Inline[] };

export type Block =
  | { kind: 'paragraph'; inside: Inline[] }
  | { kind: 'code'; text: string; language: string | null }
  | { kind: 'quote'; inside: Block[] }
  /** `start`: number of the first item; null for one without numbers. */
  | { kind: 'list'; start: number | null; items: Block[][] };

/** The schemes that a link may have; whatever has another one stays the text that it was. */
export const LINKS = /^(?:https?:\/\/|mailto:|matchbook:\/\/)/i;
