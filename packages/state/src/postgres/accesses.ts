import { ACCESS_PAYMENTS_MAX, type Access, type AccessStore } from '../access-store.ts';
import type { Connection } from './connection.ts';

/** Accesses are read off the claims. */
export function postgresAccesses(connection: Connection): AccessStore {
  return {
    find: ({ routeId, livemode, payer, network }) =>
      connection.value<Access | null>('state_access', 'SELECT state.paid_access($1, $2, $3, $4, $5)', [
        ...[routeId, livemode, payer, network],
        ACCESS_PAYMENTS_MAX,
      ]),
  };
}
