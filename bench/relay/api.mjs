/** An API server that saves nothing and answers everything, for measuring a relay. Ends with the process that it was started for. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';

const [parent, secret] = [Number(process.argv[2]), process.argv[3]];
const { publicKey } = generateKeyPairSync('ed25519');
const keys = JSON.stringify({
  keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'EdDSA', use: 'sig' }],
});
let progress = { epoch: '', seq: 0 };

createServer((request, response) => {
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

setInterval(() => {
  try {
    process.kill(parent, 0);
  } catch {
    process.exit(0);
  }
}, 200);
