import { directConversationId } from '@matchbook/protocol/ids';
import { type Claims, FakeApi } from './fake-api.ts';
import { dataFolder, RunningRelay } from './running-relay.ts';
import { TestClient } from './test-client.ts';

/** The conversation of ann and bob. */
export const AB = directConversationId('ann', 'bob');
export const CREATE = { id: 'create', kind: 'create', form: 'direct', members: ['ann', 'bob'] };

/** A fake API, the built relay and devices, for one test. */
export class Stage {
  readonly api: FakeApi;
  readonly #folder = dataFolder();
  readonly #clients: TestClient[] = [];
  #relay: RunningRelay | null = null;

  private constructor(api: FakeApi) {
    this.api = api;
  }

  static async set(env: Record<string, string> = {}, ...users: string[]): Promise<Stage> {
    const stage = new Stage(await FakeApi.start());
    await stage.boot(env);
    if (users.length > 0) await stage.introduce(...users);
    return stage;
  }

  get relay(): RunningRelay {
    if (!this.#relay) throw new Error('There is no relay.');
    return this.#relay;
  }
  get folder(): string {
    return this.#folder.path;
  }

  /** Starts the relay on the folder of this stage, also again. */
  async boot(env: Record<string, string> = {}): Promise<void> {
    this.#relay = await RunningRelay.start(this.folder, this.api.url, env);
  }

  /** Profiles, as the API makes them. */
  async introduce(...users: string[]): Promise<void> {
    const items = users.map((user) => ({ id: `p-${user}`, kind: 'profile', user, name: user.toUpperCase() }));
    const { status } = await this.relay.internalAppend(items);
    if (status !== 200) throw new Error(`internal append: ${status}`);
  }

  async device(
    user: string,
    name: string,
    options: { cursor?: string | null; confirming?: boolean; claims?: Claims } = {},
  ): Promise<TestClient> {
    const token = await this.api.token(user, name, options.claims);
    const hello = { token, device: name, cursor: options.cursor ?? null };
    return this.keep(await TestClient.welcomed(this.relay.ws, hello, options.confirming ?? true));
  }

  /** A socket that has not said hello. */
  async socket(path = '', protocols?: string[]): Promise<TestClient> {
    const client = this.keep(new TestClient(this.relay.ws + path, {}, protocols));
    await client.opened();
    return client;
  }

  keep(client: TestClient): TestClient {
    this.#clients.push(client);
    return client;
  }

  async clear(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.close();
    await this.#relay?.stop('SIGKILL');
    await this.api.close();
    this.#folder.remove();
  }
}
