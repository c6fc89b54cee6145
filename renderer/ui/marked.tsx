interface Found {
  text: string;
  /** From and to, of each word that was found. */
  marks: readonly (readonly [number, number])[];
}

/** What was found, each once. */
export const markedWords = ({ text, marks }: Found): string[] => [
  ...new Set(marks.map(([from, to]) => text.slice(from, to))),
];

/** A text with what was found in it marked. */
export function Marked({ text, marks }: Found) {
  const parts: { text: string; mark: boolean; at: number }[] = [];
  let at = 0;
  for (const [from, to] of marks) {
    if (from > at) parts.push({ text: text.slice(at, from), mark: false, at });
    if (to > Math.max(from, at))
      parts.push({ text: text.slice(Math.max(from, at), to), mark: true, at: from });
    at = Math.max(at, to);
  }
  if (at < text.length) parts.push({ text: text.slice(at), mark: false, at });
  return (
    <>
      {parts.map((part) =>
        part.mark ? <mark key={part.at}>{part.text}</mark> : <span key={part.at}>{part.text}</span>,
      )}
    </>
  );
}
