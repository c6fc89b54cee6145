/** What an S3-compatible store says: errors in its words and what they ask for, and pages of its list. */
import { parseDocument } from 'htmlparser2';
import { BlobFailure } from './blob-failures.ts';

/** Codes that ask to come again, whatever status they come with (S3's list of error responses). */
const LATER = new Set([
  'InternalError',
  'OperationAborted',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
]);
const LATER_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);
/** What to correct, by what the store calls it. */
const ADVICE: Readonly<Record<string, string>> = {
  AccessDenied: 'let the key read, write, delete and list in the bucket',
  AuthorizationHeaderMalformed: 'correct API_S3_REGION',
  InvalidAccessKeyId: 'correct API_S3_KEY_ID',
  NoSuchBucket: 'make the bucket, or correct API_S3_BUCKET',
  PermanentRedirect: 'correct API_S3_ENDPOINT and API_S3_REGION',
  RequestTimeTooSkewed: 'set the clock of this server',
  SignatureDoesNotMatch: 'correct API_S3_SECRET',
  TemporaryRedirect: 'correct API_S3_ENDPOINT',
};

/** @param body of the answer; empty for HEAD, whose errors have none */
export function failureIn(status: number, body: string): BlobFailure {
  const code = textIn(elementsIn(body), 'Code');
  const said = `the file store answered ${status}${code ? ` ${code}` : ''}`;
  if (LATER_STATUS.has(status) || LATER.has(code)) return new BlobFailure('away', said);
  if (status === 404 && code !== 'NoSuchBucket') return new BlobFailure('missing', said);
  const advice = ADVICE[code] ?? (status === 403 ? 'correct the key and its rights' : undefined);
  return new BlobFailure('refused', advice ? `${said}: ${advice}` : said);
}

export interface ListPage {
  objects: { key: string; time: number }[];
  /** Where the next page begins; null on the last one. */
  next: string | null;
}

export function pageIn(xml: string): ListPage {
  const root = elementsIn(xml);
  const objects = root
    .filter(({ name }) => name === 'Contents')
    .map(({ children = [] }) => ({
      key: textIn(children, 'Key'),
      time: Date.parse(textIn(children, 'LastModified')),
    }));
  const next = textIn(root, 'NextContinuationToken');
  if (textIn(root, 'IsTruncated') === 'true' && next === '')
    throw new BlobFailure('refused', 'the file store says that its list goes on, and not where');
  return { objects, next: next === '' ? null : next };
}

interface Element {
  name?: string;
  data?: string;
  children?: Element[];
}

/** Those inside of the outermost one. */
function elementsIn(xml: string): Element[] {
  const { children } = parseDocument(xml, { xmlMode: true }) as Element;
  return children?.find(({ name }) => name !== undefined && !name.startsWith('?'))?.children ?? [];
}

const textIn = (elements: readonly Element[], name: string): string =>
  elements
    .find((one) => one.name === name)
    ?.children?.map(({ data = '' }) => data)
    .join('') ?? '';
