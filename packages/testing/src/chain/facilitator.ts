import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { x402Facilitator } from '@x402/core/facilitator';
import { ExactEvmScheme } from '@x402/evm/exact/facilitator';
import { ExactEvmSchemeV1 } from '@x402/evm/exact/v1/facilitator';
import { UptoEvmScheme } from '@x402/evm/upto/facilitator';
import type { Hex } from 'viem';
import { facilitatorSigner } from './facilitator-signer.ts';
import { type FacilitatorFaults, noFaults, takeFault } from './faults.ts';
import { localNetwork } from './network.ts';
import { chainIdAt } from './rpc.ts';

/** A running x402 facilitator. `counts` says how often it was asked, by path. */
export type Facilitator = {
  readonly url: string;
  readonly port: number;
  readonly counts: { verify: number; settle: number };
  readonly faults: FacilitatorFaults;
  close(): Promise<void>;
};

type Context = { engine: x402Facilitator; counts: { verify: number; settle: number }; faults: FacilitatorFaults };
type PaymentRequest = {
  paymentPayload: Parameters<x402Facilitator['settle']>[0];
  paymentRequirements: Parameters<x402Facilitator['settle']>[1];
};

const bodyBytesMax = 64 * 1024;

/**
 * Starts a facilitator for the chains at `rpcUrl`: schemes `exact` (ERC-3009 and Permit2) and `upto` of x402 version 2,
 * and `exact` (ERC-3009) of version 1, which has no more; a payer without allowance for Permit2 may sign one along.
 * The key's account pays the gas. Throws when a node is away.
 */
export async function startFacilitator(options: {
  port: number;
  rpcUrl: string | readonly string[];
  privateKey: Hex;
  /** Lets its transactions race for their numbers, as the library's plain set-up does. */
  numbersNothing?: boolean;
}): Promise<Facilitator> {
  const engine = new x402Facilitator().registerExtension({ key: 'eip2612GasSponsoring' });
  for (const rpcUrl of [options.rpcUrl].flat()) await register(engine, rpcUrl, options);
  const context: Context = { engine, counts: { verify: 0, settle: 0 }, faults: noFaults() };
  const server = createServer((request, response) => {
    handle(context, request, response).catch((error: unknown) => {
      reply(response, 500, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  // Clients end their connections themselves: one that we end may be carrying a payment just then.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    counts: context.counts,
    faults: context.faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function register(
  engine: x402Facilitator,
  rpcUrl: string,
  { privateKey, numbersNothing }: { privateKey: Hex; numbersNothing?: boolean },
): Promise<void> {
  const network = localNetwork(await chainIdAt(rpcUrl));
  const signer = facilitatorSigner(rpcUrl, network, privateKey, numbersNothing);
  engine
    .register(network.network, new ExactEvmScheme(signer))
    .register(network.network, new UptoEvmScheme(signer))
    // The library's type asks for CAIP-2 in version 1, too; its own map of networks has these names.
    .registerV1(network.v1Name as `${string}:${string}`, new ExactEvmSchemeV1(signer));
}

async function handle(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /supported':
      return reply(response, 200, context.engine.getSupported());
    case 'GET /_health':
      return reply(response, 200, { status: 'ok' });
    case 'GET /_stats':
      return reply(response, 200, context.counts);
    case 'POST /_faults':
      Object.assign(context.faults, noFaults(), await read(request));
      return reply(response, 200, context.faults);
    case 'POST /verify':
      return verify(context, await read(request), response);
    case 'POST /settle':
      return settle(context, await read(request), response);
    default:
      return reply(response, 404, { error: 'not found' });
  }
}

async function verify(context: Context, body: unknown, response: ServerResponse): Promise<void> {
  context.counts.verify += 1;
  if (takeFault(context.faults, 'failVerifies')) return reply(response, 500, { error: 'as asked' });
  const { paymentPayload, paymentRequirements } = body as PaymentRequest;
  reply(response, 200, await context.engine.verify(paymentPayload, paymentRequirements));
}

async function settle(context: Context, body: unknown, response: ServerResponse): Promise<void> {
  const { faults } = context;
  context.counts.settle += 1;
  if (takeFault(faults, 'failSettles')) return reply(response, 500, { error: 'as asked' });
  if (takeFault(faults, 'dropSettleRequests')) return void response.destroy();
  if (faults.settleDelayMs > 0) await sleep(faults.settleDelayMs);
  const { paymentPayload, paymentRequirements } = body as PaymentRequest;
  const result = await context.engine.settle(paymentPayload, paymentRequirements);
  if (takeFault(faults, 'loseSettleReplies')) return void response.destroy();
  if (takeFault(faults, 'pendingSettles')) {
    return reply(response, 200, { ...result, success: false, errorReason: 'settlement_pending' });
  }
  reply(response, 200, result);
}

async function read(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    parts.push(part as Buffer);
    bytes += (part as Buffer).length;
    if (bytes > bodyBytesMax) throw new Error('the body is too large');
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}

function reply(response: ServerResponse, status: number, document: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(document));
}
