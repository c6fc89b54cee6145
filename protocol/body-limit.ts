import type { AppendKind } from './entries.ts';
import { LIMITS } from './limits.ts';

/**
 * Bytes that the body of an append may have.
 *
 * @param bodyBytes limit of messages, edits and drafts, where a server has another than ours
 */
export function bodyLimit(kind: AppendKind, bodyBytes: number = LIMITS.bodyBytes): number {
  switch (kind) {
    case 'reaction':
      return LIMITS.reactionBytes;
    case 'rename':
      return LIMITS.groupNameBytes;
    case 'picture':
    case 'settings':
      return LIMITS.groupFactsBytes;
    default:
      return bodyBytes;
  }
}
