import type { Catalogue } from '../catalogue.ts';
import { diagnostics } from './diagnostics.ts';
import { drafts } from './drafts.ts';
import { outbox } from './outbox.ts';
import { settings } from './settings.ts';
import { windows } from './windows.ts';

export const catalogue: Catalogue = {
  ...diagnostics,
  ...drafts,
  ...outbox,
  ...settings,
  ...windows,
};
