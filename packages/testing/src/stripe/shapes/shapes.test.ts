import { describe, expect, it } from 'vitest';
import { checkAgainstShapes } from './check.ts';
import type { Shape } from './shape.ts';
import file from './shapes.json' with { type: 'json' };

const published: Readonly<Record<string, Shape>> = file.shapes;

describe('the objects of the double', () => {
  it("have the names of Stripe's published fixtures", async () => {
    const { kinds, unknown, problems } = await checkAgainstShapes(published);
    expect(problems).toEqual([]);
    expect(unknown).toEqual([]);
    expect(kinds).toEqual(Object.keys(published).sort());
    expect(kinds.length).toBeGreaterThanOrEqual(20);
  });

  it('are found out when they lack a name, or have one more', async () => {
    const { customer, ...rest } = published;
    const { email: _email, ...lessCustomer } = customer ?? {};
    const { problems, unknown } = await checkAgainstShapes({
      ...rest,
      customer: { ...lessCustomer, mail: null, address: null },
      refund: { ...rest.refund, destination_details: { type: null, bank: null } },
    });
    expect(problems).toEqual([
      'refund: lacks destination_details.bank',
      'refund: has destination_details.card, which is not published',
      'customer: lacks mail',
      'customer: has email, which is not published',
    ]);
    expect(unknown).toEqual([]);
  });
});
