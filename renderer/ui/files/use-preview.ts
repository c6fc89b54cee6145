import type { PagePreview } from '@matchbook/protocol/message-body';
import { find } from 'linkifyjs';
import { useEffect, useMemo, useState } from 'react';
import type { Address } from '../../store/state.ts';
import { usePreferences } from '../use-preferences.ts';
import { useKnown, useMatchbook } from '../use-store.ts';

/** An address that is being typed is not one yet, ms. */
const SETTLED = 700;

export interface Preview {
  /** The address in the text that a preview is about; null without one. */
  url: string | null;
  /** `ask`: the person must want it first. */
  state: 'none' | 'ask' | 'asking' | 'there' | 'nothing';
  preview: PagePreview | null;
  want: () => void;
  remove: () => void;
}

/** Looked for with each key: a text without the mark that every address has is not read for one. */
const firstLink = (text: string): string | null =>
  text.includes('://')
    ? (find(text, 'url').find(({ value }) => /^https?:\/\//i.test(value))?.href ?? null)
    : null;

/**
 * What the page that the text names says about itself, asked of the account's server. Where that server is this computer the page would learn its address: there the
 * person is asked each time.
 */
export function usePreview(address: Address, text: string): Preview {
  const store = useMatchbook();
  const embedded = useKnown(
    ({ app }) => app?.accounts.find(({ account }) => account === address.account)?.embedded ?? true,
  );
  const allowed = usePreferences(({ known }) => known?.privacy.linkPreviews ?? false);
  const url = useMemo(() => firstLink(text), [text]);
  const [wanted, setWanted] = useState<string | null>(null);
  const [removed, setRemoved] = useState<string | null>(null);
  const [found, setFound] = useState<{ url: string; preview: PagePreview | null } | null>(null);
  // What was left out, or wanted, was so of one message.
  useEffect(() => {
    if (url !== null) return;
    setWanted(null);
    setRemoved(null);
  }, [url]);
  const asks = url !== null && allowed && removed !== url && (!embedded || wanted === url);
  useEffect(() => {
    if (!asks || url === null || found?.url === url) return undefined;
    let gone = false;
    const timer = setTimeout(
      () => {
        void store.files.preview(address.account, url).then((answer) => {
          if (!gone) setFound({ url, preview: answer.ok ? answer.value : null });
        });
      },
      wanted === url ? 0 : SETTLED,
    );
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [asks, url, found, wanted, store, address.account]);
  const here = found !== null && found.url === url ? found : null;
  const state: Preview['state'] =
    url === null || !allowed || removed === url
      ? 'none'
      : here
        ? here.preview
          ? 'there'
          : 'nothing'
        : asks
          ? 'asking'
          : 'ask';
  return {
    ...{ url, state },
    preview: state === 'there' ? (here?.preview ?? null) : null,
    want: () => setWanted(url),
    remove: () => setRemoved(url),
  };
}
