import { describe, expect, it } from 'vitest';
import { keyHash } from '../key-hash.ts';
import { type StatePort, StateRejected } from '../port.ts';
import { customer, duringSuite, freshId, key, type OpenHarness } from './harness.ts';

/** Snapshots, customers with keys, and the log of changes. */
export function directoryContract(open: OpenHarness): void {
  describe('directory', () => {
    let state: StatePort;
    let other: StatePort;
    duringSuite(open, (opened) => {
      state = opened.connect();
      other = opened.connect();
    });

    it('snapshots: the newest version stays, whatever order they come in', async () => {
      const apiId = freshId('api');
      expect(await state.directory.getSnapshot(apiId)).toBeNull();
      await state.directory.putSnapshot(apiId, 2, '{"v":2}');
      await state.directory.putSnapshot(apiId, 1, '{"v":1}');
      await state.directory.putSnapshot(apiId, 2, '{"v":"other"}');
      expect(await other.directory.getSnapshot(apiId)).toEqual({ version: 2, json: '{"v":2}' });
      expect(await other.directory.listSnapshots()).toContainEqual({ apiId, version: 2 });
    });

    it('keys: found by hash with their customer, replaced as a whole', async () => {
      const customerId = freshId('cus');
      const [one, two] = [keyHash(freshId('one')), keyHash(freshId('two'))];
      const record = key();
      await state.directory.putCustomer(customer(customerId, 1), [{ ...record, hash: one }]);
      expect(await other.directory.findKey(one)).toEqual({ key: record, customer: customer(customerId, 1) });
      expect(await other.directory.findKey(two)).toBeNull();
      const revoked = { ...record, status: 'revoked' as const };
      await state.directory.putCustomer(customer(customerId, 3), [
        { ...revoked, hash: one },
        { ...key(), hash: two },
      ]);
      await state.directory.putCustomer(customer(customerId, 2), [{ ...record, hash: one }]);
      expect(await other.directory.findKey(one)).toEqual({ key: revoked, customer: customer(customerId, 3) });
      await state.directory.putCustomer(customer(customerId, 4), [{ ...revoked, hash: one }]);
      expect(await other.directory.findKey(two)).toBeNull();
    });

    it('keys: a hash of another customer is rejected and nothing changes', async () => {
      const hash = keyHash(freshId('key'));
      const [owner, thief] = [freshId('cus'), freshId('cus')];
      await state.directory.putCustomer(customer(owner), [{ ...key(), hash }]);
      const theft = state.directory.putCustomer(customer(thief), [{ ...key(), hash }]);
      await expect(theft).rejects.toBeInstanceOf(StateRejected);
      expect((await state.directory.findKey(hash))?.customer.customerId).toBe(owner);
    });

    it('keys: key and customer are always of one version', async () => {
      const customerId = freshId('cus');
      const hash = keyHash(freshId('key'));
      const put = (version: number) =>
        state.directory.putCustomer(customer(customerId, version), [{ ...key({ agentId: `agt_${version}` }), hash }]);
      await put(1);
      let writing = true;
      const reader = (async () => {
        let last = 0;
        while (writing) {
          const found = await other.directory.findKey(hash);
          expect(found?.key.agentId).toBe(`agt_${found?.customer.version}`);
          expect(found?.customer.version).toBeGreaterThanOrEqual(last);
          last = found?.customer.version ?? 0;
        }
      })();
      for (let version = 2; version <= 25; version += 1) await put(version);
      writing = false;
      await reader;
      expect((await other.directory.findKey(hash))?.customer.version).toBe(25);
    });

    it('changes: numbered in the order of their commits, without a gap', async () => {
      const { latest: before } = await state.directory.changesSince(0, 1);
      const ids = Array.from({ length: 20 }, () => freshId('api'));
      await Promise.all(ids.map((apiId, index) => (index % 2 ? state : other).directory.putSnapshot(apiId, 5, '{}')));
      await state.directory.putSnapshot(ids[0] as string, 5, '{}');
      const { changes, latest } = await state.directory.changesSince(before, 100);
      expect(latest).toBe(before + 20);
      expect(changes.map((change) => change.sequence)).toEqual(ids.map((_, index) => before + 1 + index));
      expect(changes.map((change) => change.id).sort()).toEqual([...ids].sort());
      expect(changes[0]).toMatchObject({ kind: 'api', version: 5 });
      const part = await state.directory.changesSince(before, 3);
      expect(part).toEqual({ changes: changes.slice(0, 3), latest });
    });

    it('wakes a listener after a change, until it stops', async () => {
      let wakes = 0;
      let woken = () => {};
      const stop = await other.directory.onWake(() => {
        wakes += 1;
        woken();
      });
      const heard = new Promise<void>((resolve) => {
        woken = resolve;
      });
      await state.directory.putCustomer(customer(freshId('cus')), []);
      await heard;
      await stop();
      const before = wakes;
      await state.directory.putCustomer(customer(freshId('cus')), []);
      await state.ping();
      expect(wakes).toBe(before);
    });
  });
}
