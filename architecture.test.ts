/**
 * The walls of the house (docs/architecture.md): who may import whom, as rows of data, checked on every import of every file.
 * `never` and `outside` are matched against what an import resolves to: a path from the root, or a package's name.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

interface Room {
  /** Files under this path belong to it; the longest match wins. */
  folder: string;
  /** Our own folders or files that it may import from, besides itself. */
  ours: string[];
  /** Packages that it may import; `node:` is all of Node. */
  packages: string[];
}

const ROOMS: Room[] = [
  { folder: 'protocol', ours: [], packages: ['typebox', '@noble/hashes', '@msgpack/msgpack'] },
  // The one place that knows the parser.
  { folder: 'protocol/markdown', ours: ['protocol'], packages: ['marked'] },
  {
    folder: 'relay-server',
    ours: ['protocol'],
    packages: ['node:', 'ws', 'jose', 'pino', 'prom-client', '@photostructure/sqlite', 'typebox'],
  },
  {
    folder: 'api-server',
    ours: ['protocol'],
    packages: [
      'node:',
      'express',
      'kysely',
      'pg',
      '@tus/server',
      '@tus/file-store',
      'aws4fetch',
      'sharp',
      'blurhash',
      'ipaddr.js',
      'htmlparser2',
      'prom-client',
      'openid-client',
      'jose',
      'pino',
      '@photostructure/sqlite',
      '@node-rs/argon2',
      'typebox',
    ],
  },
  {
    folder: 'main',
    ours: ['protocol'],
    packages: ['node:', 'electron', 'lowdb', '@photostructure/sqlite', 'typebox'],
  },
  // What the network sees of the embedded servers.
  { folder: 'main/embedded/front', ours: ['protocol', 'main/trust'], packages: ['node:', 'httpxy'] },
  { folder: 'main/trust', ours: ['protocol'], packages: ['node:', 'electron', 'selfsigned', '@scure/bip39'] },
  { folder: 'main/session-bus', ours: ['protocol'], packages: ['node:', '@homebridge/dbus-native'] },
  {
    folder: 'main/local-store',
    ours: ['protocol'],
    packages: ['node:', '@photostructure/sqlite', 'typebox'],
  },
  { folder: 'main/preload', ours: ['protocol'], packages: ['electron'] },
  { folder: 'renderer', ours: ['protocol'], packages: [] },
  { folder: 'renderer/session', ours: ['protocol'], packages: [] },
  { folder: 'renderer/outbox', ours: ['protocol', 'renderer/session'], packages: [] },
  { folder: 'renderer/inbox', ours: ['protocol', 'renderer/session'], packages: [] },
  {
    folder: 'renderer/session-host.ts',
    ours: ['protocol', 'renderer/session', 'renderer/outbox', 'renderer/inbox'],
    packages: [],
  },
  { folder: 'renderer/store', ours: ['protocol'], packages: ['zustand/vanilla'] },
  { folder: 'renderer/i18n', ours: ['protocol'], packages: ['react-intl', '@formatjs/intl', 'react'] },
  {
    folder: 'renderer/ui',
    ours: ['protocol', 'renderer/store', 'renderer/i18n'],
    packages: [
      ...['react', 'react-dom', 'zustand', 'react-intl', 'virtua', 'linkifyjs', 'lucide-react'],
      ...['uqr', '@leeoniya/ufuzzy', 'blurhash'],
    ],
  },
  // The one place that knows the emoji data.
  {
    folder: 'renderer/ui/emoji',
    ours: ['protocol', 'renderer/store', 'renderer/i18n', 'renderer/ui'],
    packages: ['react', 'zustand', 'zustand/vanilla', 'emojibase-data', 'cldr-annotations-full'],
  },
  // What other programs put on the clipboard is read here alone.
  { folder: 'renderer/ui/paste', ours: ['protocol'], packages: ['turndown', 'htmlparser2'] },
  // Code is coloured here alone.
  {
    folder: 'renderer/ui/text',
    ours: ['protocol', 'renderer/store', 'renderer/i18n', 'renderer/ui'],
    packages: ['react', 'zustand', 'linkifyjs', 'lowlight', 'highlight.js'],
  },
  // The one place that knows the component library.
  {
    folder: 'renderer/ui/base',
    ours: ['renderer/i18n', 'renderer/ui/base'],
    packages: ['react', '@base-ui/react', 'lucide-react'],
  },
  {
    folder: 'renderer/diagnostics',
    ours: ['protocol', 'renderer/i18n', 'renderer/ui'],
    packages: ['react', 'zustand', 'virtua', 'lucide-react'],
  },
  {
    folder: 'renderer/diagnostics.tsx',
    ours: ['protocol', 'renderer/diagnostics', 'renderer/i18n', 'renderer/ui'],
    packages: ['react', 'react-dom'],
  },
  {
    folder: 'renderer/main.tsx',
    ours: ['protocol', 'renderer/store', 'renderer/i18n', 'renderer/ui'],
    packages: ['react', 'react-dom', 'react-intl'],
  },
];

/** Inside the relay, reading order: each may use those behind it, never the other way. */
const RELAY_ORDER = ['index', 'server', 'connection', 'forwarding', 'wire', 'sequencer'];
const TESTING = [
  'typebox',
  'vitest',
  'fast-check',
  's3rver',
  'oidc-provider',
  '@smithy/signature-v4',
  '@smithy/types',
  'node:',
  'ws',
  'jose',
  '@msgpack/msgpack',
  'react',
  '@testing-library',
  'vite',
  '@formatjs/icu-messageformat-parser',
  'react-intl',
];
const NAMES_THAT_TELL_NOTHING = /(^|\/)(utils?|helpers?|common|misc)(\.tsx?|\/)/;

interface Import {
  from: string;
  /** Path from the root for our own files, else the specifier. */
  to: string;
  typeOnly: boolean;
}

/** Every import of a source text: static, re-exported, dynamic, required, or by URL. */
function importsOf(file: string, text: string): Import[] {
  const { module } = parseSync(file, text);
  const found: { specifier: string; typeOnly: boolean }[] = [];
  for (const { moduleRequest, entries } of module.staticImports)
    found.push({
      specifier: moduleRequest.value,
      typeOnly: entries.length > 0 && entries.every((entry) => entry.isType),
    });
  for (const { entries } of module.staticExports)
    for (const { moduleRequest, isType } of entries)
      if (moduleRequest) found.push({ specifier: moduleRequest.value, typeOnly: isType });
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^['"`](.*)['"`]$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    if (literal) found.push({ specifier: literal[1]!, typeOnly: false });
  }
  for (const match of text.matchAll(/(?:require|new URL)\(\s*['"]([^'"]+)['"]/g)) {
    if (match[0].startsWith('require') || match[1]!.startsWith('.'))
      found.push({ specifier: match[1]!, typeOnly: false });
  }
  return found.map(({ specifier, typeOnly }) => ({ from: file, to: resolved(file, specifier), typeOnly }));
}

function resolved(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(file), specifier));
  const own = /^@matchbook\/([a-z-]+)\/(.+)$/.exec(specifier);
  return own ? `${own[1]}/${own[2]}.ts` : specifier;
}

const inside = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
const isOurs = (path: string) => ROOMS.some((room) => inside(path, room.folder)) || path.startsWith('out/');
const isTest = (path: string) => /\.test\.tsx?$|test-setup|contract-suite|(^|\/)testing(\/|\.ts$)/.test(path);

function roomOf(path: string): Room | undefined {
  return ROOMS.filter((room) => inside(path, room.folder)).sort(
    (a, b) => b.folder.length - a.folder.length,
  )[0];
}

/** What is wrong with one import, or null. */
function fault({ from, to, typeOnly }: Import): string | null {
  const room = roomOf(from);
  if (!room) return null;
  const told = `${from} imports ${to}`;
  if (isOurs(to)) {
    if (isTest(to) && !isTest(from)) return `${told}: a test`;
    const target = roomOf(to);
    if (target === room || inside(to, room.folder)) return relayFault(from, to, told);
    if (room.ours.some((folder) => inside(to, folder))) return null;
    // A room may hold smaller rooms; their parent composes them.
    if (room.folder === 'main' && (inside(to, 'main/local-store') || inside(to, 'main/session-bus')))
      return null;
    if (room.folder === 'main' && to.startsWith('out/')) return null;
    return told;
  }
  // Styles and pictures are no code.
  if (/\.(css|svg|png)(\?.*)?$/.test(to)) return null;
  const allowed = [...room.packages, ...(isTest(from) ? TESTING : [])];
  const matches = (name: string) =>
    name.endsWith(':') ? to.startsWith(name) : to === name || to.startsWith(`${name}/`);
  if (allowed.some(matches)) return null;
  // Types of a preload cost nothing at run time.
  if (typeOnly && to === 'electron' && room.folder === 'main/preload') return null;
  return told;
}

function relayFault(from: string, to: string, told: string): string | null {
  const rank = (path: string) =>
    RELAY_ORDER.findIndex((name) => new RegExp(`^relay-server/${name}(\\.ts|/|-)`).test(path));
  const [a, b] = [rank(from), rank(to)];
  return !isTest(from) && a >= 0 && b >= 0 && b < a
    ? `${told}: against the order ${RELAY_ORDER.join(' -> ')}`
    : null;
}

/** The first circle among files, as a path, or null. Type-only imports vanish at run time, and still make two rooms one. */
function circle(imports: Import[]): string[] | null {
  const edges = new Map<string, string[]>();
  for (const { from, to } of imports) edges.set(from, [...(edges.get(from) ?? []), to]);
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] | null => {
    if (done.has(file)) return null;
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    path.push(file);
    for (const next of edges.get(file) ?? []) {
      const found = visit(next);
      if (found) return found;
    }
    path.pop();
    done.add(file);
    return null;
  };
  for (const file of edges.keys()) {
    const found = visit(file);
    if (found) return found;
  }
  return null;
}

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'],
  {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((path) => path && existsSync(join(import.meta.dirname, path)) && roomOf(path));
const imports = files.flatMap((file) =>
  importsOf(file, readFileSync(join(import.meta.dirname, file), 'utf8')),
);

describe('the walls of the house', () => {
  it('holds every import rule', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(imports.map(fault).filter(Boolean)).toEqual([]);
  });

  it('names only files that exist', () => {
    const lost = imports.filter(
      ({ to, from }) =>
        isOurs(to) &&
        !to.startsWith('out/') &&
        !/\.(js|cjs|css|svg|png)(\?.*)?$/.test(to) &&
        !existsSync(join(import.meta.dirname, to)) &&
        !isTest(from),
    );
    expect(lost).toEqual([]);
  });

  it('has no circle', () => {
    expect(circle(imports)).toBeNull();
  });

  it('has no room whose name tells nothing', () => {
    expect(files.filter((file) => NAMES_THAT_TELL_NOTHING.test(file))).toEqual([]);
  });
});

describe('the test of the walls goes red for', () => {
  const planted = (file: string, text: string) => importsOf(file, text).map(fault).filter(Boolean);

  it.each([
    ['protocol/x.ts', "import { readFileSync } from 'node:fs';"],
    ['protocol/x.ts', "export * from '../main/index.ts';"],
    ['renderer/ui/x.tsx', "import { session } from '../session/session.ts';"],
    ['renderer/store/x.ts', "import { useState } from 'react';"],
    ['renderer/session/x.ts', "import { plan } from '../outbox/planner.ts';"],
    ['renderer/main.tsx', "import { app } from 'electron';"],
    ['main/windows.ts', "import { App } from '../renderer/ui/app.tsx';"],
    ['main/preload/window.ts', "import { join } from 'node:path';"],
    ['relay-server/hub.ts', "import type { Db } from '../api-server/db/schema.ts';"],
    ['relay-server/forwarding/hub.ts', "import { Connection } from '../connection/connection.ts';"],
    ['relay-server/x.ts', "const e = await import('electron');"],
    ['api-server/x.ts', "const ws = require('ws');"],
    ['api-server/x.ts', "new URL('../relay-server/index.ts', import.meta.url);"],
  ])('%s with %s', (file, text) => {
    expect(planted(file, text)).toHaveLength(1);
  });

  it('a circle', () => {
    const text: Record<string, string> = {
      'main/a.ts': "import './b.ts';",
      'main/b.ts': "import type { C } from './c.ts';",
      'main/c.ts': "export { a } from './a.ts';",
    };
    expect(circle(Object.entries(text).flatMap(([file, source]) => importsOf(file, source)))).toEqual([
      'main/a.ts',
      'main/b.ts',
      'main/c.ts',
      'main/a.ts',
    ]);
  });
});
