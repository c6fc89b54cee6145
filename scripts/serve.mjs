/** `npm run relay`, `npm run api`: one server with Node, without Electron. Arguments and environment are the server's. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { endsWithUs } from './child.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { ROOT, run, SetupError } from './project.mjs';

await run(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  if (name !== 'relay' && name !== 'api') throw new SetupError('Usage: serve.mjs relay|api [--help]', 2);
  ensureDependencies();
  ensureBuilt('servers');
  const server = spawn(process.execPath, [join(ROOT, 'out', 'servers', name, 'index.js'), ...args], {
    stdio: 'inherit',
  });
  endsWithUs(server);
  return await new Promise((resolve) =>
    server.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0))),
  );
});
