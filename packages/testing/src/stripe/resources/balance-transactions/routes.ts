import { listRoute } from '../../http/list-route.ts';
import { type Route, route } from '../../http/route.ts';
import { fields, text } from '../../params/param.ts';

/** Verbs of `balance_transactions`. */
export const balanceTransactionRoutes: readonly Route[] = [
  route('GET', '/v1/balance_transactions/:id', fields({}), (world, _params, id) => world.balanceTransactions.get(id)),
  listRoute('/v1/balance_transactions', (world) => world.balanceTransactions, { source: text(), type: text() }),
];
