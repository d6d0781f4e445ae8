import { describe, expect, it } from 'vitest';
import { ShipQueue } from './ship-queue.ts';

const item = (value: unknown) => Buffer.from(JSON.stringify(value));

/** Ships everything; answers the items by number. */
function shipAll(queue: ShipQueue): Map<number, unknown> {
  const shipped = new Map<number, unknown>();
  for (let next = queue.oldest(); next !== null; next = queue.oldest()) {
    const items = JSON.parse(next.json.toString('utf8')) as unknown[];
    expect(items).toHaveLength(next.count);
    for (const [index, value] of items.entries()) shipped.set(next.firstSequence + index, value);
    queue.drop();
  }
  return shipped;
}

describe('ship queue', () => {
  it('gives every item once, in order, numbered from 1', () => {
    const queue = new ShipQueue();
    const values = Array.from({ length: 5_000 }, (_, index) => ({ index, text: 'höflich'.repeat(index % 40) }));
    for (const value of values) queue.push(item(value));
    expect([...shipAll(queue)]).toEqual(values.map((value, index) => [index + 1, value]));
    expect(queue.isEmpty).toBe(true);
  });

  it('offers the same items again until they have arrived, whatever came meanwhile', () => {
    const queue = new ShipQueue();
    queue.push(item('a'));
    expect(queue.oldest()).toMatchObject({ firstSequence: 1, count: 1 });
    queue.push(item('b'));
    expect(queue.oldest()?.json.toString()).toBe('["a"]');
    queue.drop();
    expect(queue.oldest()).toMatchObject({ firstSequence: 2, count: 1 });
    expect(queue.oldest()?.json.toString()).toBe('["b"]');
  });

  it('takes an item that is larger than a part', () => {
    const queue = new ShipQueue();
    queue.push(item('small'));
    queue.push(item('x'.repeat(900_000)));
    queue.push(item('small'));
    expect(shipAll(queue).size).toBe(3);
  });
});
