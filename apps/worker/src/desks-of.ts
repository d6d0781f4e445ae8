import type { PaymentRecord } from '@tollwright/contracts';
import { createEgress, type Egress } from '@tollwright/egress';
import { createStripeDesk, createTempoDesk, createX402Desk, type RailDesk } from '@tollwright/payments';
import { openOperatorKey, openRefundKey, openStripeKey, type ServiceContext } from '@tollwright/services';
import { StripeClients } from '@tollwright/stripe';
import type { WorkerEnv } from './env.ts';

/** Where this worker finds out about payments, a desk a rail. */
export function desksOf(env: WorkerEnv, ctx: ServiceContext): RailDesk[] {
  const { CHAIN_RPC_URLS: rpcUrls, STRIPE_API_URL: url } = env;
  const nodes = { rpcUrls, fetch: egressToNodes(env).fetch };
  const refundKeyOf = (payment: PaymentRecord) => openRefundKey(ctx, payment);
  const onChain = createX402Desk(nodes, refundKeyOf);
  const clients = new StripeClients({ url });
  const atStripe = createStripeDesk(async (payment) => {
    const key = await openStripeKey(ctx, payment);
    return key === null ? null : clients.of(key);
  }, ctx.clock);
  // An authorization of method `evm` is found on its chain as x402's are.
  return [
    onChain,
    { ...onChain, name: 'evm' },
    createTempoDesk(nodes, refundKeyOf, (channel) => openOperatorKey(ctx, channel)),
    atStripe,
  ];
}

/** The way to the nodes that the operator named, wherever they are. */
export function egressToNodes({ CHAIN_RPC_URLS, TOLLWRIGHT_EGRESS_ALLOW }: WorkerEnv): Egress {
  return createEgress({ allow: [...TOLLWRIGHT_EGRESS_ALLOW], operatorUrls: [...CHAIN_RPC_URLS.values()] });
}
