import type { PagePreview as Preview } from '@matchbook/protocol/message-body';
import type { MouseEvent } from 'react';
import { usePreferences } from '../use-preferences.ts';
import { useMatchbook } from '../use-store.ts';

export const hostOf = (url: string): string => {
  try {
    return new URL(url).host.replace(/^www\./, '');
  } catch {
    return url;
  }
};

/** What a page said about itself when the message was written. Nothing is fetched to show it; who wants none sees none. */
export function PagePreview({ preview }: { preview: Preview }) {
  const store = useMatchbook();
  const wanted = usePreferences(({ known }) => known?.privacy.linkPreviews ?? true);
  if (!wanted) return null;
  const open = (event: MouseEvent) => {
    event.preventDefault();
    void store.openLink(preview.url);
  };
  return (
    <a
      className="page-preview"
      data-testid="page-preview"
      href={preview.url}
      rel="noreferrer"
      title={preview.url}
      onClick={open}
      onAuxClick={open}
    >
      <span className="fine">{preview.siteName ?? hostOf(preview.url)}</span>
      {preview.title && (
        <strong dir="auto" className="page-title">
          {preview.title}
        </strong>
      )}
      {preview.description && (
        <span dir="auto" className="page-words">
          {preview.description}
        </span>
      )}
    </a>
  );
}
