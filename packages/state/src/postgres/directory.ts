import { principal, toJson } from '@tollwright/contracts';
import type { Change, DirectoryStore } from '../port.ts';
import type { Connection } from './connection.ts';
import type { Wake } from './wake.ts';

/** Snapshots, customers with their keys, and the log of their changes. */
export function postgresDirectory(connection: Connection, wake: Wake): DirectoryStore {
  return {
    async putSnapshot(apiId, version, json) {
      await connection.value('state_put_snapshot', 'SELECT state.put_snapshot($1, $2, $3)', [apiId, version, json]);
    },
    async getSnapshot(apiId) {
      const text = "SELECT (SELECT json_build_object('version', version, 'json', body) FROM state.get_snapshot($1))";
      return connection.value<{ version: number; json: string } | null>('state_get_snapshot', text, [apiId]);
    },
    listSnapshots: () =>
      connection.value<{ apiId: string; version: number }[]>('state_snapshots', 'SELECT state.list_snapshots()', []),
    async putCustomer(customer, keys) {
      const hashes = keys.map((key) => key.hash);
      const records = keys.map(({ hash: _, ...record }) => toJson(record));
      const text = 'SELECT state.put_customer($1, $2::text[], $3::json[])';
      await connection.value('state_put_customer', text, [toJson(customer), hashes, records]);
    },
    async findKey(hash) {
      const found = await connection.value<unknown>('state_find_key', 'SELECT state.find_key($1)', [hash]);
      return found === null ? null : principal.parse(found);
    },
    changesSince: (sequence, limit) =>
      connection.value<{ changes: Change[]; latest: number }>('state_changes', 'SELECT state.changes_since($1, $2)', [
        sequence,
        limit,
      ]),
    onWake: (listener) => wake.listen(listener),
  };
}
