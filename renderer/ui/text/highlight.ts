/** Colours of code: a few languages, loaded with the first block of code that names one. */
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import kotlin from 'highlight.js/lib/languages/kotlin';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import swift from 'highlight.js/lib/languages/swift';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { createLowlight } from 'lowlight';

const lowlight = createLowlight({
  ...{
    bash,
    c,
    cpp,
    csharp,
    css,
    diff,
    go,
    java,
    javascript,
    json,
    kotlin,
    php,
    python,
    ruby,
    rust,
    sql,
    swift,
  },
  ...{ typescript, xml, yaml },
});

export type Piece = string | { look: string; inside: Piece[] };
type Node = ReturnType<typeof lowlight.highlight>['children'][number];

/** Null where the language is not known here. */
export function highlighted(text: string, language: string): Piece[] | null {
  const name = language.toLowerCase();
  return lowlight.registered(name) ? piecesOf(lowlight.highlight(name, text).children) : null;
}

function piecesOf(nodes: readonly Node[]): Piece[] {
  return nodes.flatMap((node): Piece[] => {
    if (node.type === 'text') return [node.value];
    if (node.type !== 'element') return [];
    const look = node.properties.className;
    return [{ look: Array.isArray(look) ? look.join(' ') : '', inside: piecesOf(node.children as Node[]) }];
  });
}
