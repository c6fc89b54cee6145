/** Makes renderer/public/sounds/message.wav, the app's own sound: two soft notes of a struck bar, a fifth apart. Run once; the file is kept. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './project.mjs';

const RATE = 22_050;
const SECONDS = 0.42;
const NOTES = [
  { at: 0, pitch: 659.25, loud: 0.5 },
  { at: 0.09, pitch: 987.77, loud: 0.42 },
];
/** Partials of a bar: pitch, loudness, how fast it fades. */
const PARTIALS = [
  { pitch: 1, loud: 1, fade: 11 },
  { pitch: 2.76, loud: 0.18, fade: 26 },
  { pitch: 5.4, loud: 0.05, fade: 48 },
];

const count = Math.round(RATE * SECONDS);
const wav = Buffer.alloc(44 + count * 2);
wav.write('RIFF', 0);
wav.writeUInt32LE(36 + count * 2, 4);
wav.write('WAVEfmt ', 8);
wav.writeUInt32LE(16, 16);
wav.writeUInt16LE(1, 20);
wav.writeUInt16LE(1, 22);
wav.writeUInt32LE(RATE, 24);
wav.writeUInt32LE(RATE * 2, 28);
wav.writeUInt16LE(2, 32);
wav.writeUInt16LE(16, 34);
wav.write('data', 36);
wav.writeUInt32LE(count * 2, 40);
for (let i = 0; i < count; i++) {
  const now = i / RATE;
  let value = 0;
  for (const { at, pitch, loud } of NOTES) {
    const since = now - at;
    if (since < 0) continue;
    const attack = Math.min(1, since / 0.004);
    for (const partial of PARTIALS)
      value +=
        loud *
        attack *
        partial.loud *
        Math.exp(-partial.fade * since) *
        Math.sin(2 * Math.PI * pitch * partial.pitch * since);
  }
  const end = Math.min(1, (SECONDS - now) / 0.03);
  wav.writeInt16LE(Math.round(Math.max(-1, Math.min(1, value * 0.6 * end)) * 32_767), 44 + i * 2);
}
const folder = join(ROOT, 'renderer', 'public', 'sounds');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'message.wav'), wav);
