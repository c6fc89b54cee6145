/** What a search finds in which texts: the server's index and the device's are held to the same. */
export const SEARCH_TEXTS = [
  'Crème brûlée for everybody',
  'Привет, ёлка',
  'ΟΔΟΣ Αθηνών',
  'مَرْحَبًا بالعالم',
  '我们明天去北京大学吃饭',
  '日本語を勉強しています',
  'a tall ship and a star',
  'a ship, tall as a house',
  "don't panic 👍",
  'see https://a.example/tall?x=1 for the ship',
] as const;

/** The question, and the texts that answer it, newest first. */
export const SEARCH_CASES: readonly (readonly [q: string, texts: readonly number[]])[] = [
  ['creme BRULEE', [0]],
  ['елка', [1]],
  ['οδός', [2]],
  ['مرحبا', [3]],
  ['北京', [4]],
  ['勉強', [5]],
  ['tall ship', [9, 7, 6]],
  ['"tall ship"', [6]],
  ['ship -star', [9, 7]],
  ['ever*', [0]],
  ['ever', []],
  ["don't", [8]],
  ['👍', [8]],
  ['has:link', [9]],
  ['has:file', []],
  ['ship has:link', [9]],
  ['"ship', [9, 7, 6]],
  ['OR', []],
  ['NOT ship*', []],
];
