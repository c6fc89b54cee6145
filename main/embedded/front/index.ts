/** The front as a process of its own: it is started, watched and started again as the servers behind it are. */
import { createFront } from './front.ts';

const { FRONT_PORT, FRONT_HOST, FRONT_KEY, FRONT_CERTIFICATE, FRONT_RELAY, FRONT_API } = process.env;

const front = createFront({
  ...{ key: FRONT_KEY!, certificate: FRONT_CERTIFICATE!, relay: FRONT_RELAY!, api: FRONT_API! },
  log: (line) => process.stderr.write(`${line}\n`),
});

/** EX_TEMPFAIL: the port is taken, for now. */
const EXIT_START = 75;

front.once('error', (error) => {
  process.stderr.write(`${error.message}\n`, () => process.exit(EXIT_START));
});
front.listen({ port: Number(FRONT_PORT), host: FRONT_HOST }, () => {
  process.stdout.write(`${JSON.stringify({ ready: true, port: Number(FRONT_PORT) })}\n`);
});
process.once('SIGTERM', () => process.exit(0));
