import type { LimitedFetch } from '../limited-fetch.ts';

/** A node of the chain. */
export type ChainNode = { readonly rpcUrl: string; readonly fetch: LimitedFetch; readonly timeoutMs?: number };

/** Thrown when a node answered that it does not do what was asked, such as a call that reverted. */
export class NodeRefused extends Error {
  override readonly name = 'NodeRefused';
}

/** Calls one JSON-RPC method. Throws when the node is away or answers no JSON-RPC, and NodeRefused when it refuses. */
export async function callNode(node: ChainNode, method: string, params: readonly unknown[]): Promise<unknown> {
  const response = await node.fetch(node.rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    timeoutMs: node.timeoutMs ?? 10_000,
    bodyBytesMax: 4 * 1024 * 1024,
    redirectsMax: 0,
  });
  const answer = (await response.json()) as { result?: unknown; error?: { message?: unknown } } | null;
  if (answer === null || typeof answer !== 'object') throw new Error(`${method}: no JSON-RPC answer`);
  if (answer.error !== undefined) throw new NodeRefused(`${method}: ${String(answer.error.message ?? 'refused')}`);
  return answer.result;
}

/** The member `name` of an object as a string. Throws when there is none. */
export function textMember(value: unknown, name: string): string {
  const member = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  if (typeof member !== 'string') throw new Error(`the node's answer lacks ${name}`);
  return member;
}

/** The value as an array. Throws when it is none. */
export function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error("the node's answer is no list");
  return value;
}

/** An integer as JSON-RPC writes quantities. */
export function quantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}
