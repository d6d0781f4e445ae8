import { createHash } from 'node:crypto';
import type { Principal } from '@tollwright/contracts';
import { type DirectoryStore, type Epoch, type EpochStore, StateUnavailable } from '@tollwright/state';
import { describe, expect, it } from 'vitest';
import { PrincipalCache } from './principal-cache.ts';

describe('the cache of principals', () => {
  it('asks the directory once for a key', async () => {
    const { cache, asked } = cacheOf(10);
    const first = await cache.find('a1', 0);
    expect(first?.key.keyId).toBe('1');
    expect(await cache.find('a1', 1)).toBe(first);
    expect(asked()).toBe(1);
  });

  it('forgets the key that was used longest ago once it is full', async () => {
    const { cache, asked } = cacheOf(4);
    for (const key of ['a1', 'a2', 'a3', 'a4']) await cache.find(key, 0);
    await cache.find('a1', 0);
    await cache.find('a5', 0);
    expect(asked()).toBe(5);
    for (const key of ['a3', 'a4', 'a1', 'a5']) await cache.find(key, 0);
    expect(asked()).toBe(5);
    await cache.find('a2', 0);
    expect(asked()).toBe(6);
  });

  it('keeps one record of a customer for all its keys of one version', async () => {
    const { cache, raise } = cacheOf(10);
    const [one, two] = [await cache.find('a1', 0), await cache.find('a2', 0)];
    expect(two?.customer).toBe(one?.customer);
    raise();
    const three = await cache.find('a3', 0);
    expect([one?.customer.version, three?.customer.version]).toEqual([1, 2]);
  });

  it('forgets the keys of the customer that changed, and of no other', async () => {
    const { cache, asked } = cacheOf(10);
    for (const key of ['a1', 'a2', 'b1']) await cache.find(key, 0);
    cache.invalidate('a');
    await cache.find('b1', 0);
    expect(asked()).toBe(3);
    for (const key of ['a1', 'a2']) await cache.find(key, 0);
    expect(asked()).toBe(5);
    cache.invalidate(null);
    await cache.find('b1', 0);
    expect(asked()).toBe(6);
  });

  it('does not keep an answer that a change overtook', async () => {
    const { cache, asked } = cacheOf(10);
    const underWay = cache.find('a1', 0);
    cache.invalidate('a');
    await underWay;
    await cache.find('a1', 0);
    expect(asked()).toBe(2);
  });

  it('asks again for an unknown key after a second', async () => {
    const { cache, asked } = cacheOf(10);
    for (const nowMs of [0, 999, 1000]) expect(await cache.find('?', nowMs)).toBeNull();
    expect(asked()).toBe(2);
  });

  it('says nothing of a key that a lost store does not know, and keeps what it knows', async () => {
    const { cache, lose } = cacheOf(10);
    const known = await cache.find('a1', 0);
    lose();
    expect(await cache.find('a1', 1)).toBe(known);
    for (const key of ['a2', '?']) await expect(cache.find(key, 1)).rejects.toBeInstanceOf(StateUnavailable);
    await expect(cache.findNow('a1')).rejects.toBeInstanceOf(StateUnavailable);
  });
});

/** Keys are a customer's letter and a number; `?` is unknown. `raise` raises the version of every customer. */
function cacheOf(entriesMax: number) {
  const nameOf = new Map<string, string>();
  let asked = 0;
  let version = 1;
  const directory = {
    findKey: (hash: string) => {
      asked++;
      const name = nameOf.get(hash) ?? '?';
      return Promise.resolve(name === '?' ? null : principalOf(name, version));
    },
  } as unknown as DirectoryStore;
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'b1']) nameOf.set(sha256(name), name);
  let kind: Epoch['kind'] = 'open';
  const epochs = { current: async () => ({ kind, reason: 'a test' }) } as unknown as EpochStore;
  const lose = () => {
    kind = 'lost';
    nameOf.clear();
  };
  const cache = new PrincipalCache({ directory, epochs }, entriesMax);
  return { cache, asked: () => asked, raise: () => version++, lose };
}

function principalOf(name: string, version: number): Principal {
  const [customerId = '', keyId = ''] = name;
  return { key: { keyId }, customer: { customerId, version } } as Principal;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
