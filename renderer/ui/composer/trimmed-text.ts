/** A text as it is sent: without blank lines around it and without blanks at its end; the indentation of its first line stays. */
export const trimmedText = (text: string): string => text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
