/** heap-kinds.mjs BEFORE AFTER COUNT: what the second snapshot holds more than the first, by kind of object, in bytes for each of COUNT. */
import { readFileSync } from 'node:fs';

const [before, after, count] = process.argv.slice(2);
const SHOWN = 22;

/** Bytes and numbers of objects, by type and constructor. Shapes and code are one kind each. */
function kinds(file) {
  const { snapshot, nodes, strings } = JSON.parse(readFileSync(file, 'utf8'));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => fields.indexOf(field));
  const sums = new Map();
  for (let i = 0; i < nodes.length; i += fields.length) {
    const kind = types[type][nodes[i + type]];
    const key = ['object', 'native', 'closure'].includes(kind) ? `${kind} ${strings[nodes[i + name]]}` : kind;
    const sum = sums.get(key) ?? { bytes: 0, objects: 0 };
    sum.bytes += nodes[i + size];
    sum.objects++;
    sums.set(key, sum);
  }
  return sums;
}

const first = kinds(before);
const rows = [...kinds(after)].map(([key, sum]) => ({
  key,
  bytes: (sum.bytes - (first.get(key)?.bytes ?? 0)) / count,
  objects: (sum.objects - (first.get(key)?.objects ?? 0)) / count,
}));
rows.sort((a, b) => b.bytes - a.bytes);
console.log(`alive: ${rows.reduce((sum, row) => sum + row.bytes, 0).toFixed(0)} B each`);
for (const row of rows.slice(0, SHOWN))
  console.log(`${row.bytes.toFixed(0).padStart(6)} B ${row.objects.toFixed(2).padStart(7)}  ${row.key}`);
