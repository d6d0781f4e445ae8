import { periodAt } from '@tollwright/core';
import type { VolumeStore } from '../volume-store.ts';
import type { Connection } from './connection.ts';

/** Volumes move with the claims, by a trigger. */
export function postgresVolumes(connection: Connection): VolumeStore {
  return {
    async read({ apiId, payer, period, atMs }) {
      const { startsAtMs, endsAtMs } = periodAt(period, atMs);
      const [calls, spent] = await connection.value<[number, string]>(
        'state_volume',
        'SELECT state.paid_volume($1, $2, $3, $4)',
        [apiId, payer, dayOf(startsAtMs), dayOf((endsAtMs ?? atMs) - 1)],
      );
      return { calls, spentNanoUsd: BigInt(spent) };
    },
  };
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
