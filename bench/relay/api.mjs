/** An API server that saves nothing and answers everything, for measuring a relay. Ends when nobody has asked it for a while. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';

const secret = process.argv[2];
let asked = performance.now();
const { publicKey } = generateKeyPairSync('ed25519');
const keys = JSON.stringify({
  keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'EdDSA', use: 'sig' }],
});
let progress = { epoch: '', seq: 0 };

createServer((request, response) => {
  asked = performance.now();
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const answer = (status, text) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(text);
    };
    if (request.url === '/api/auth/keys') return answer(200, keys);
    if (request.headers.authorization !== `Bearer ${secret}`) return answer(401, '{}');
    if (request.url !== '/api/messages/save')
      return answer(200, JSON.stringify({ kind: 'not_joined', progress }));
    const text = Buffer.concat(chunks).toString();
    const { epoch, after, items, upTo } = JSON.parse(text);
    const place = progress.epoch === epoch ? progress.seq : after;
    if (after !== place) return answer(409, JSON.stringify({ kind: 'not_joined', progress }));
    progress = { epoch, seq: upTo };
    answer(200, JSON.stringify({ progress, verdicts: items.map(({ seq }) => ({ seq, verdict: 'saved' })) }));
  });
}).listen(0, '127.0.0.1', function () {
  process.stdout.write(`${this.address().port}\n`);
});

// Its relay is killed and started again, and then is gone.
setInterval(() => {
  if (performance.now() - asked > 45_000) process.exit(0);
}, 1_000);
