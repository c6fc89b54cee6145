/** Files and page of a message as windows show them: judged by hand, so that a window needs no schemas. What is wrong is left out; the text stays. */
import type { Body } from './entries.ts';
import type { FileReference, PagePreview } from './message-body.ts';
import { MESSAGE_TYPE } from './shown-text.ts';
import { asFileName } from './text.ts';

const HASH = /^[0-9a-f]{64}$/;
const PAGE = /^https?:\/\//;
/** As in message-body.ts. */
const FILES = 32;

export interface ShownFiles {
  files: FileReference[];
  preview: PagePreview | null;
}

const NONE: ShownFiles = { files: [], preview: null };

/** Whether a message was spoken: one file that has its loudness with it. */
export const isSpoken = ({ files = [] }: { files?: readonly Pick<FileReference, 'waveform'>[] }): boolean =>
  files.length === 1 && files[0]?.waveform !== undefined;

export function shownFiles(body: Body | null): ShownFiles {
  if (!body || body.type !== MESSAGE_TYPE || !('text' in body)) return NONE;
  try {
    const { files, preview } = JSON.parse(body.text) as { files?: unknown; preview?: unknown };
    return {
      files: filesAmong(files),
      preview: isPreview(preview) ? preview : null,
    };
  } catch {
    return NONE;
  }
}

/** Those of what stands where files should that are files. */
export const filesAmong = (files: unknown): FileReference[] =>
  Array.isArray(files)
    ? files
        .filter(isFile)
        .slice(0, FILES)
        .map((file) => ({ ...file, name: asFileName(file.name) }))
    : [];

function isFile(file: unknown): file is FileReference {
  if (typeof file !== 'object' || file === null) return false;
  const { hash, name, type, size, width, height, blurhash, duration, waveform } = file as Record<
    string,
    unknown
  >;
  return (
    typeof hash === 'string' &&
    HASH.test(hash) &&
    isText(name, 255) &&
    isText(type, 127) &&
    isCount(size) &&
    [width, height].every((one) => one === undefined || (isCount(one) && one > 0)) &&
    (blurhash === undefined || isText(blurhash, 128)) &&
    (duration === undefined || isCount(duration)) &&
    (waveform === undefined ||
      (Array.isArray(waveform) &&
        waveform.length <= 128 &&
        waveform.every((one) => isCount(one) && one < 256)))
  );
}

function isPreview(preview: unknown): preview is PagePreview {
  if (typeof preview !== 'object' || preview === null) return false;
  const { url, title, description, siteName } = preview as Record<string, unknown>;
  return (
    isText(url, 2_048) &&
    PAGE.test(url) &&
    [title, description, siteName].every((one) => one === undefined || isText(one, 600))
  );
}

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= most;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
