import type { Keyring } from '../profile/secrets.ts';

/** A keyring that can be locked, lost or missing. It seals by turning the text around under a key. */
export class TestKeyring implements Keyring {
  available = true;
  backend = 'gnome_libsecret';
  key = 'k1';

  isEncryptionAvailable(): boolean {
    return this.available;
  }
  getSelectedStorageBackend(): string {
    return this.backend;
  }
  encryptString(text: string): Buffer {
    return Buffer.from(`${this.key}:${[...text].reverse().join('')}`);
  }
  decryptString(data: Buffer): string {
    const text = data.toString();
    if (!this.available || !text.startsWith(`${this.key}:`)) throw new Error('the keyring does not open it');
    return [...text.slice(this.key.length + 1)].reverse().join('');
  }
}
