import type { Catalogue } from '../catalogue.ts';
import { also } from './also.ts';
import { diagnostics } from './diagnostics.ts';
import { drafts } from './drafts.ts';
import { ownData } from './export.ts';
import { failures } from './failures.ts';
import { files } from './files.ts';
import { outbox } from './outbox.ts';
import { passport } from './passport.ts';
import { people } from './people.ts';
import { server } from './server.ts';
import { settings } from './settings.ts';
import { talk } from './talk.ts';
import { windows } from './windows.ts';

export const catalogue: Catalogue = {
  ...also,
  ...diagnostics,
  ...drafts,
  ...ownData,
  ...failures,
  ...files,
  ...outbox,
  ...passport,
  ...people,
  ...server,
  ...settings,
  ...talk,
  ...windows,
};
