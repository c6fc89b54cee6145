import { expect, it } from 'vitest';
import { undrawnWords } from './undrawn-words.ts';

it('what could not be drawn is one line of the log with all places, and a short one where connections are told of', () => {
  const { line, words } = undrawnWords({
    error: 'TypeError\n2026-01-01 forged',
    at: ['x (a.js:1:2)', 'y (a.js:3:4)'],
    within: ['Body (a.js:5:6)', 'Row (a.js:7:8)', 'div', 'List', 'Pane'],
  });
  expect(line).toBe(
    'could not be drawn: TypeError 2026-01-01 forged at x (a.js:1:2) < y (a.js:3:4); in Body (a.js:5:6) < Row (a.js:7:8) < div < List < Pane',
  );
  expect(words).toBe('TypeError 2026-01-01 forged at x (a.js:1:2) in Body < Row < div < List');
  const long = Array.from({ length: 20 }, () => 'n'.repeat(200));
  expect(undrawnWords({ error: 'Error', at: long, within: long }).words).toHaveLength(300);
  expect(undrawnWords({ error: 'string', at: [], within: [] }).words).toBe('string at unknown in unknown');
});
