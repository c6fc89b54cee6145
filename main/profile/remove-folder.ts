import { rm } from 'node:fs/promises';

/** With all that is in it, also where something still comes into it that began before: a folder that is not empty any more when it is to go is emptied again. */
export function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
