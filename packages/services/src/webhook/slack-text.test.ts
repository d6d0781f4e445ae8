import { describe, expect, it } from 'vitest';
import { slackText } from './slack-text.ts';

const about = { timestamp: '2026-11-27T12:00:00.000Z', providerId: 'prv_1', customerId: null } as const;

describe('slackText', () => {
  it.each([
    [
      'money in dollars, and nothing for what is not there',
      { type: 'payment.failed', livemode: true, data: { priceNanoUsd: '10000000', reason: null } },
      'payment failed: price 0.01 USD',
    ],
    [
      'the mode where it is not live, and no markup',
      { type: 'key.revoked', livemode: false, data: { name: '<!channel> & co' } },
      'key revoked (test): name &lt;!channel&gt; &amp; co',
    ],
    ['a type alone', { type: 'incident.opened', livemode: null, data: { detail: {} } }, 'incident opened'],
  ] as const)('says %s', (_name, event, text) => {
    expect(slackText({ ...about, ...event })).toBe(text);
  });
});
