import { NotebookPen } from 'lucide-react';
import { hueOf, initials } from './people.ts';

/** A picture of somebody without one: their initials on a colour that stays theirs. `self`: one's own notes. */
export function Avatar({ id, name, self = false }: { id: string; name: string | null; self?: boolean }) {
  return (
    <span
      className={self ? 'avatar avatar-self' : 'avatar'}
      aria-hidden="true"
      style={{ ['--hue' as string]: hueOf(id) }}
    >
      {self ? <NotebookPen size={18} /> : initials(name ?? '?')}
    </span>
  );
}
