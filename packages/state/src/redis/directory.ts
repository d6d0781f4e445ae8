import { principal, toJson } from '@tollwright/contracts';
import { type Change, type DirectoryStore, type EpochStore, StateRejected } from '../port.ts';
import type { RedisConnection } from './connection.ts';
import { apiKeys, keyOwner, logKeys, tagKeys, WAKE_CHANNEL } from './keys.ts';
import { changesScript, logChangeScript, putCustomerScript, putSnapshotScript } from './scripts/directory.ts';
import { raiseVersionScript } from './scripts/tag.ts';
import type { Wake } from './wake.ts';

const TAGS_AT_ONCE = 500;

/**
 * Snapshots, customers with their keys, and the log of their changes. A publication is several steps, in this order: the
 * record, the tags that must know its version, the log. One that broke off is whole once it is sent again.
 */
export function redisDirectory(connection: RedisConnection, wake: Wake, epochs: EpochStore): DirectoryStore {
  const log = (kind: Change['kind'], id: string, version: number) =>
    connection.run(
      logChangeScript,
      [logKeys.latest, logKeys.changes, logKeys[kind]],
      [kind, id, version, WAKE_CHANNEL],
    );
  return {
    async putSnapshot(apiId, version, json) {
      const { record, tags } = apiKeys(apiId);
      if ((await connection.run(putSnapshotScript, [record], [version, json])) !== 1) return;
      const known = await connection.command<string[]>('SMEMBERS', tags);
      for (let from = 0; from < known.length; from += TAGS_AT_ONCE) {
        const raised = known
          .slice(from, from + TAGS_AT_ONCE)
          .map((tag) => connection.run(raiseVersionScript, [tagKeys(tag).versions], [`api:${apiId}`, version]));
        await Promise.all(raised);
      }
      await log('api', apiId, version);
    },
    async getSnapshot(apiId) {
      const { record } = apiKeys(apiId);
      const [version, json] = await connection.command<(string | null)[]>('HMGET', record, 'version', 'body');
      return version == null || json == null ? null : { version: Number(version), json };
    },
    async listSnapshots() {
      const logged = await connection.hash(logKeys.api);
      return logged
        .map(([apiId, text]) => ({ apiId, version: Number(text.split(' ')[0]) }))
        .sort((a, b) => (a.apiId < b.apiId ? -1 : 1));
    },
    async putCustomer(customer, keys) {
      const { customerId, version } = customer;
      await ownKeys(
        connection,
        customerId,
        keys.map((key) => key.hash),
      );
      const { record, versions } = tagKeys(`c:${customerId}`);
      const records = keys.flatMap(({ hash, ...key }) => [hash, toJson(key)]);
      const { kind, epoch } = await epochs.current();
      const args = [`customer:${customerId}`, version, kind === 'open' ? epoch : 0, toJson(customer), ...records];
      if ((await connection.run(putCustomerScript, [record, versions], args)) !== 1) return;
      await log('customer', customerId, version);
    },
    async findKey(hash) {
      const customerId = await connection.command<string | null>('GET', keyOwner(hash));
      if (customerId === null) return null;
      const { record } = tagKeys(`c:${customerId}`);
      const found = await connection.command<(string | null)[]>('HMGET', record, 'record', `k:${hash}`);
      const [customer, key] = found;
      if (customer == null || key == null) return null;
      return principal.parse({ key: JSON.parse(key), customer: JSON.parse(customer) });
    },
    async changesSince(sequence, limit) {
      const keys = [logKeys.latest, logKeys.changes];
      const [latest, texts] = await connection.run<[string, string[]]>(changesScript, keys, [sequence, limit]);
      return { latest: Number(latest), changes: texts.map(changeOf) };
    },
    onWake: (listener) => wake.listen(listener),
  };
}

/** Enters a customer as the owner of key hashes. One that another owns is StateRejected, and nothing was changed. */
async function ownKeys(connection: RedisConnection, customerId: string, hashes: readonly string[]): Promise<void> {
  const owners = await Promise.all(
    hashes.map((hash) => connection.command<string | null>('SET', keyOwner(hash), customerId, 'NX', 'GET')),
  );
  if (owners.every((owner) => owner === null || owner === customerId)) return;
  const fresh = hashes.filter((_, index) => owners[index] === null);
  await Promise.all(fresh.map((hash) => connection.command('DEL', keyOwner(hash))));
  throw new StateRejected('a key hash belongs to another customer');
}

function changeOf(text: string): Change {
  const [sequence, kind, id = '', version] = JSON.parse(text) as string[];
  return { sequence: Number(sequence), kind: kind as Change['kind'], id, version: Number(version) };
}
