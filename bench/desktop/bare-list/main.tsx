/** The peer of the timeline: the same virtualised list with 100,000 plain rows and nothing else. */
import { createRoot } from 'react-dom/client';
import { Virtualizer } from 'virtua';

const WORDS =
  'and the old path along the cliffs at half past nine we meet for a walk with tea from the thermos'.split(
    ' ',
  );
const rows = Array.from(
  { length: 100_000 },
  (_, n) =>
    `${n} ${Array.from({ length: 5 + (n % 40) }, (_, i) => WORDS[(n * 7 + i) % WORDS.length]).join(' ')}`,
);

createRoot(document.getElementById('root')!).render(
  <section id="list" style={{ height: '100vh', overflowY: 'auto', overflowAnchor: 'none' }}>
    <Virtualizer data={rows}>{(row) => <div key={row}>{row}</div>}</Virtualizer>
  </section>,
);
