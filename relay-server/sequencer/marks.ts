/** What a row proves: its running hash, and of an entry its place in the chain and what it says. */
import { hash } from 'node:crypto';
import { hexOf } from './compact.ts';

const RUNNING = 8;
const CHAIN = 16;

/** SHA-256 in one call, as hex: a string costs less than an array of bytes with memory of its own. Texts are hashed as UTF-8. */
export const digest = (input: string | Uint8Array): string => hash('sha256', input, 'hex');

/**
 * First 8 bytes of SHA-256(previous running hash, seq, bytes), as hex.
 *
 * @param bytes what the row is
 */
export function runningHash(previous: string, seq: number, bytes: Uint8Array): string {
  const input = Buffer.allocUnsafe(16 + bytes.length);
  input.write(previous, 0, 'hex');
  input.writeUInt32BE(Math.floor(seq / 2 ** 32), 8);
  input.writeUInt32BE(seq >>> 0, 12);
  input.set(bytes, 16);
  return digest(input).slice(0, 16);
}

/**
 * `chainLink` of the protocol, in hex throughout.
 *
 * @param previous h of the place before; empty for n = 1
 * @param content hash, 64 hex digits
 */
export function chainHash(previous: string, id: string, kind: string, content: string): string {
  const text = `${id}\0${kind}\0`;
  const input = Buffer.allocUnsafe(RUNNING + text.length + content.length / 2);
  if (previous === '') input.fill(0, 0, RUNNING);
  else input.write(previous, 0, 'hex');
  input.write(text, RUNNING, 'latin1');
  input.write(content, RUNNING + text.length, 'hex');
  return digest(input).slice(0, 16);
}

export const marksOf = (running: string, h = '', content = ''): Buffer =>
  Buffer.from(running + h + content, 'hex');
export const runningOf = (marks: Uint8Array): string => hexOf(marks.subarray(0, RUNNING));
export const chainOf = (marks: Uint8Array): string => hexOf(marks.subarray(RUNNING, CHAIN));
/** Hex; empty where the row is no entry. */
export const contentOf = (marks: Uint8Array): string => hexOf(marks.subarray(CHAIN));
