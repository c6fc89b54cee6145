import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directConversationId } from '@matchbook/protocol/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, IDENTITY, TestStore } from './local-store/testing/store.ts';
import { exportUnsent } from './unsent-export.ts';

const named = { account: ACCOUNT, user: IDENTITY.user, name: 'Ann', api: 'https://chat.example' };
let at: TestStore;
let folder: string;

beforeEach(async () => {
  at = new TestStore();
  folder = mkdtempSync(join(tmpdir(), 'matchbook-export-'));
  await at.open();
});
afterEach(async () => {
  await at.dispose();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe('what was not sent, as files', () => {
  it('I11: has every text that waits or is begun, whole, with whom it is for', async () => {
    const peer = { user: 'bob', name: 'Bob' };
    const { conv } = await at.store.ensureDirect({ account: ACCOUNT, peer });
    expect(conv).toBe(directConversationId(IDENTITY.user, 'bob'));
    const long = 'x'.repeat(60_000);
    for (const [i, text] of ['first', long].entries())
      await at.store.submit({ account: ACCOUNT, conv, boundTo: conv, id: `m${i}`, text, draftVersion: 0 });
    const file = { hash: 'a'.repeat(64), name: 'plan.pdf', type: 'application/pdf', size: 7 };
    await at.store.submit({
      ...{ account: ACCOUNT, conv, boundTo: conv, id: 'f', text: 'with a plan', draftVersion: 0 },
      ...{ upload: true, more: { files: [file] } },
    });
    await at.store.saveDraft({ account: ACCOUNT, conv, text: 'begun, not ended' });
    const choose = async (name: string) => join(folder, name);
    const { files } = await exportUnsent({ store: at.store, choose, now: () => 0 }, named);
    expect(files.map((file) => file.slice(folder.length + 1))).toEqual([
      'Matchbook, not sent, 1970-01-01.json',
      'Matchbook, not sent, 1970-01-01.txt',
    ]);
    const json = JSON.parse(readFileSync(files[0]!, 'utf8'));
    expect(json.items).toMatchObject([
      { kind: 'create' },
      { kind: 'message', text: 'first', with: 'Bob' },
      { kind: 'message', text: long },
      { text: 'with a plan', files: [{ name: 'plan.pdf', size: 7 }] },
    ]);
    expect(json.drafts).toEqual([{ conv, text: 'begun, not ended', with: 'Bob' }]);
    const text = readFileSync(files[1]!, 'utf8');
    for (const said of ['first', long, 'Draft to Bob', 'begun, not ended', 'plan.pdf (7 bytes)'])
      expect(text).toContain(said);
  });

  it('says of a place that takes nothing that it is the place', async () => {
    const choose = async (name: string) => join(folder, 'no such folder', name);
    await expect(exportUnsent({ store: at.store, choose, now: () => 0 }, named)).rejects.toMatchObject({
      failure: { kind: 'place_refused' },
    });
  });

  it('writes nothing where no place was chosen', async () => {
    const parts = { store: at.store, choose: async () => null, now: () => 0 };
    expect(await exportUnsent(parts, named)).toEqual({ files: [] });
  });
});
