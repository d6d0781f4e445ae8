import { queryOnce } from '@tollwright/testing';
import { Expectations, type Scenario } from '../scenario.ts';

const BUDGET_NANO_USD = 5_000_000n;

/** A call is charged at most what it held; what the upstream reports beyond is the provider's shortfall. */
export const overReport: Scenario = {
  name: 'over-report',
  about: 'The upstream reports three times what can have been held, in documents and in streams.',
  async run(scene) {
    const { expect, failures } = new Expectations();
    const gateway = await scene.gateway('a');
    const account = await scene.account('tokens', BUDGET_NANO_USD);
    let attempts = 0;
    for (let refused = 0; refused < 2 && attempts < 500; attempts++) {
      const stream = attempts % 3 === 2;
      const upstream = { 'triple-usage': 1, chunks: 2, 'chunk-interval-ms': 5 };
      const { status, slug } = await scene.call(gateway, account, { stream, maxTokens: 30, upstream });
      if (slug === 'budget-exhausted') refused++;
      else if (status !== 200) expect(false, `a call was answered ${status} ${slug}`);
    }
    const { stage } = scene;
    return {
      attempts,
      // By its own words the upstream did more than was paid for.
      counted: [{ account, upstreamBound: false }],
      raw: {
        made: stage.upstream.log.calls(null).filter((call) => call.headers['x-account'] === account.customerId).length,
      },
      failures,
      async afterwards() {
        const rows = await queryOnce<{ charged: string; shortfall: string }>(
          stage.database.url,
          'SELECT charged_nano_usd AS charged, shortfall_nano_usd AS shortfall FROM usage_event WHERE customer_id = $1',
          [account.customerId],
        );
        // Three times the hold was reported: one part is charged, two are short. A stream's body is longer than what was held for.
        const wrong = rows.filter(({ charged, shortfall }) => BigInt(shortfall) < 2n * BigInt(charged));
        expect(wrong.length === 0, `${wrong.length} events are not charged their hold: ${JSON.stringify(wrong[0])}`);
      },
    };
  },
};
