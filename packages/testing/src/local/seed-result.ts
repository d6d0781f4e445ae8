/**
 * What the seed made, written by it to the file that TOLLWRIGHT_SEED_FILE names, once everything is in the database.
 * Addresses are paths here, because ports may differ from run to run.
 */
export interface SeedResult {
  provider: { email: string; password: string };
  owner: { email: string; password: string };
  /** A bearer token of the provider for the management API. */
  managementToken: string;
  /** `path` below the gateway's address, as in `/acme/llm`. */
  api: { slug: string; path: string };
  agentKey: string;
  /** A GET route that strangers pay for, below the gateway's address. */
  paidPath: string;
  /** A POST route of Anthropic's shape that strangers pay for by use, under a ceiling; `stream: true` is served too. */
  uptoPath: string;
  /** Where the seeded API's upstream is; the seed runs again when it has moved. */
  upstreamUrl: string;
}
