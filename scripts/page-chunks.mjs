/**
 * How the scripts of the pages are cut. Each file is a question to main, which has the rest of the app to start meanwhile: what a window needs from its first line on
 * comes in as few files as it can be shared in. What is loaded later, by `import()`, is cut as the bundler likes.
 */

/** @typedef {{getModuleInfo(id: string): {importedIds: readonly string[]} | null}} Graph */

/**
 * A name for `output.codeSplitting.groups`: by which of the pages need a module before their first line.
 * @param {{window: string, diagnostics: string, host: string}} pages the scripts of the pages
 */
export function pageChunks({ window, diagnostics, host }) {
  /** @type {{window: Set<string>, diagnostics: Set<string>, host: Set<string>} | null} */
  let needs = null;
  /** @param {string} id @param {Graph} context */
  return (id, context) => {
    needs ??= {
      window: needed(window, context),
      diagnostics: needed(diagnostics, context),
      host: needed(host, context),
    };
    if (id === window || !needs.window.has(id)) return null;
    return needs.host.has(id) ? 'base' : needs.diagnostics.has(id) ? 'common' : 'window';
  };
}

/** @param {string} script @param {Graph} graph */
function needed(script, graph) {
  /** @type {Set<string>} */
  const found = new Set();
  const visit = (/** @type {string} */ id) => {
    if (found.has(id)) return;
    found.add(id);
    for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) visit(imported);
  };
  visit(script);
  return found;
}
