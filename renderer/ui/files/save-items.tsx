import type { Body } from '@matchbook/protocol/entries';
import { shownFiles } from '@matchbook/protocol/shown-files';
import { Download } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { MenuItem } from '../base/menu.tsx';
import { useMatchbook } from '../use-store.ts';
import { kindOf } from './kinds.ts';

/** Of a message with more films and sounds than this the others are saved where they are shared. */
const NAMED = 4;

/** In the menu of a message: the way to have what is seen or heard in it as a file. A card has its own, and several pictures have the gallery. */
export function SaveItems({ account, body }: { account: string; body: Body | null }) {
  const store = useMatchbook();
  const { say } = useWords();
  // What is in it twice under one name is one file for whoever saves it.
  const once = new Map(shownFiles(body).files.map((file) => [`${file.hash} ${file.name}`, file]));
  const shown = [...once.values()].filter((file) => kindOf(file) !== 'other');
  const files = shown.length === 1 ? shown : shown.filter((file) => kindOf(file) !== 'picture');
  return files.slice(0, NAMED).map((file) => (
    <MenuItem
      key={`${file.hash} ${file.name}`}
      icon={<Download size={15} />}
      testId="message-save-file"
      onSelect={() => void store.files.save(account, file)}
    >
      {shown.length === 1 ? say('files.save') : say('files.saveOf', { name: file.name })}
    </MenuItem>
  ));
}
