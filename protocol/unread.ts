/** Unread messages: the same count on the server and on every device, save that a device leaves out what it knows to be deleted. */

/** Messages of a conversation (m) before a range that a person may see, and up to its end. */
export interface CountedRange {
  fromM: number;
  untilM: number;
}

/**
 * Messages that a person may see after their read position, without their own: nobody has their own messages to read, and yet sending does not mark as read
 * what others wrote meanwhile and was never on screen (I9).
 *
 * @param readM messages up to the read position; 0 where there is none
 * @param own of the person's own messages, those after the read position; of a device also those of others that were deleted
 */
export function unreadOf(ranges: readonly CountedRange[], readM: number, own: number): number {
  let seen = 0;
  for (const { fromM, untilM } of ranges) seen += Math.max(0, untilM - Math.max(fromM, readM));
  return Math.max(0, seen - own);
}
