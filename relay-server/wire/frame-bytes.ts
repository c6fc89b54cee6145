/** WebSocket frames as a server writes them (RFC 6455 section 5.2): final, unmasked, uncompressed. */
export const OPCODE = { text: 0x1, binary: 0x2, ping: 0x9 } as const;

const FIN = 0x80;

/** Header and payload in one buffer, for one write. */
export function frameBytes(opcode: number, payload: string | Uint8Array): Buffer {
  const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
  const start = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = FIN | opcode;
  if (start === 2) frame[1] = length;
  else if (start === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  if (typeof payload === 'string') frame.write(payload, start, 'utf8');
  else frame.set(payload, start);
  return frame;
}
