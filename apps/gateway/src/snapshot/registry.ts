import type { CompiledApi } from './compiled-api.ts';

const REPLACED_KEPT_MAX = 16;

/** The APIs that this gateway serves now. Replaced one by one; a running call keeps the value that it was matched with. */
export class ApiRegistry {
  readonly #byId = new Map<string, CompiledApi>();
  readonly #byAddress = new Map<string, CompiledApi>();
  readonly #replaced = new Map<string, { readonly atMs: number; readonly api: CompiledApi }[]>();

  /** Takes a newer version in; an older one is ignored. */
  put(api: CompiledApi): void {
    const known = this.#byId.get(api.snapshot.apiId);
    if (known && known.snapshot.version >= api.snapshot.version) return;
    this.replace(api);
  }

  /** Takes a version in, be it newer or older than the one that is served. */
  replace(api: CompiledApi): void {
    const { apiId } = api.snapshot;
    const known = this.#byId.get(apiId);
    if (known) {
      if (this.#byAddress.get(addressOf(known)) === known) this.#byAddress.delete(addressOf(known));
      const replaced = this.#replaced.get(apiId) ?? [];
      this.#replaced.set(apiId, [{ atMs: Date.now(), api: known }, ...replaced].slice(0, REPLACED_KEPT_MAX));
    }
    this.#byId.set(apiId, api);
    this.#byAddress.set(addressOf(api), api);
  }

  /** Forgets every API that is not among these; answers the ids of those that were. */
  keepOnly(apiIds: ReadonlySet<string>): string[] {
    const gone = [...this.#byId].filter(([apiId]) => !apiIds.has(apiId));
    for (const [apiId, api] of gone) {
      this.#byId.delete(apiId);
      this.#replaced.delete(apiId);
      if (this.#byAddress.get(addressOf(api)) === api) this.#byAddress.delete(addressOf(api));
    }
    return gone.map(([apiId]) => apiId);
  }

  byId(apiId: string): CompiledApi | undefined {
    return this.#byId.get(apiId);
  }

  /** Finds the API of a canonical path `/{provider}/{api}/...` and the path within it. */
  find(path: string): { readonly api: CompiledApi; readonly rest: string } | null {
    const first = path.indexOf('/', 1);
    if (first === -1) return null;
    const second = path.indexOf('/', first + 1);
    const address = second === -1 ? path : path.slice(0, second);
    const api = this.#byAddress.get(address);
    return api ? { api, rest: second === -1 ? '/' : path.slice(second) } : null;
  }

  /** Versions of an API that were current at some time since a moment, newest first. */
  replacedSince(apiId: string, sinceMs: number): CompiledApi[] {
    const replaced = this.#replaced.get(apiId) ?? [];
    return replaced.filter(({ atMs }) => atMs >= sinceMs).map(({ api }) => api);
  }

  /** All of them, in the order of their addresses. */
  list(): CompiledApi[] {
    return [...this.#byAddress].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, api]) => api);
  }

  get size(): number {
    return this.#byId.size;
  }
}

function addressOf({ snapshot }: CompiledApi): string {
  return `/${snapshot.providerSlug}/${snapshot.apiSlug}`;
}
