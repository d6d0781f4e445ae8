/** Calls a method of a node. Throws with the node's own words when it refuses, or when nobody answers. */
export type Rpc = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** The node at that address. */
export function rpcAt(url: string): Rpc {
  return async (method, params) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } };
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };
}

/** Asks a node which chain it runs. */
export async function chainIdAt(rpcUrl: string): Promise<number> {
  return Number(await rpcAt(rpcUrl)('eth_chainId', []));
}
