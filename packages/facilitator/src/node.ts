import { createPublicClient, custom, type PublicClient } from 'viem';

/** Asks a node of a chain by JSON-RPC. Rejects where it is away, or refuses. */
export type AskNode = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** A node for viem's calls. What fails is not asked again: who asks decides that. */
export function clientOf(ask: AskNode): PublicClient {
  const request = ({ method, params }: { method: string; params?: unknown }) =>
    ask(method, Array.isArray(params) ? params : []);
  return createPublicClient({ transport: custom({ request }, { retryCount: 0 }) });
}
