import { expect, type Locator } from '@playwright/test';
import { problemOf } from '../agent-calls.ts';
import { eventually } from '../eventually.ts';
import {
  chat,
  customersNamed,
  FELT_MS_MAX,
  felt,
  lowKey,
  type Market,
  newKey,
  quote,
  refused,
  servedAgain,
  twoAtOnce,
} from './policy-calls.ts';

/**
 * How a policy is typed, what callers feel of it, and what they feel once it is removed, which is never what they felt
 * before. `name` is what its line is called.
 */
interface Story {
  readonly title: string;
  readonly name?: string;
  readonly fill: (form: Locator) => Promise<unknown>;
  readonly feel: (market: Market) => Promise<unknown>;
  readonly after: (market: Market) => Promise<unknown>;
}

export const STORIES: readonly Story[] = [
  {
    title: 'API key',
    fill: (form) => form.getByLabel('Headers').fill('x-shop-key'),
    feel: ({ shop, agent }) => felt('a key in its own header', 200, () => quote(shop, { 'x-shop-key': agent.key })),
    after: ({ shop, agent }) => felt('a key in that header', 401, () => quote(shop, { 'x-shop-key': agent.key })),
  },
  {
    title: 'IP filter',
    fill: (form) => form.getByLabel('Deny').fill('127.0.0.1\n::1'),
    feel: (market) => refused(market, 403, 'forbidden'),
    after: servedAgain,
  },
  {
    title: 'Request size',
    fill: (form) => form.getByLabel('Bytes max').fill('10'),
    feel: (market) => refused(market, 413, 'body-too-large'),
    after: servedAgain,
  },
  {
    title: 'Scopes',
    fill: (form) => form.getByLabel('Scopes').fill('chat:write'),
    feel: async (market) => {
      expect(await refused(market, 403, 'missing-scope')).toMatchObject({ missing: ['chat:write'] });
      const key = await newKey(market, { scopes: ['chat:write'] });
      expect((await chat(market.shop, key)).status).toBe(200);
    },
    after: servedAgain,
  },
  {
    title: 'Monetization',
    fill: (form) => form.getByLabel('Requires').fill('vision'),
    feel: async (market) => expect(await refused(market, 403, 'not-entitled')).toMatchObject({ missing: ['vision'] }),
    after: servedAgain,
  },
  {
    title: 'Headers',
    fill: async (form) => {
      await addHeader(form, 'Set request', 'x-bought-by');
      await addHeader(form, 'Set response', 'x-sold-to');
    },
    feel: ({ shop, agent, customerId }) =>
      eventually('the upstream and the caller get the header', FELT_MS_MAX, async () =>
        (await customersNamed(shop, agent)).every((name) => name === customerId) ? true : null,
      ),
    after: ({ shop, agent }) =>
      eventually('neither the upstream nor the caller gets the header', FELT_MS_MAX, async () =>
        (await customersNamed(shop, agent)).every((name) => name === null) ? true : null,
      ),
  },
  {
    title: 'Model guard',
    fill: (form) => form.getByLabel('Models').fill('toll-large\nother-*'),
    feel: async (market) => {
      await refused(market, 403, 'model-not-allowed');
      expect((await chat(market.shop, market.agent.key, { model: 'toll-large' })).status).toBe(200);
    },
    after: servedAgain,
  },
  {
    title: 'Concurrency',
    name: 'Concurrency default',
    fill: (form) => form.getByLabel('Limit', { exact: true }).fill('1'),
    feel: (market) => twoAtOnce(market, 'one of two calls at once is refused', '200,429'),
    after: (market) => twoAtOnce(market, 'two calls at once are served', '200,200'),
  },
  {
    title: 'Rate limit',
    name: 'Rate limit burst',
    fill: async (form) => {
      await form.getByLabel('Name', { exact: true }).fill('burst');
      await form.getByLabel('Limit', { exact: true }).fill('3');
      await form.getByLabel('Window seconds').fill('3600');
      await form.getByLabel('By', { exact: true }).selectOption('Key');
    },
    feel: async (market) =>
      expect(await refused(market, 429, 'rate-limited')).toMatchObject({ exhausted: 'burst', limit: '3' }),
    after: servedAgain,
  },
  {
    title: 'Counters',
    name: 'Counters default',
    fill: async (form) => {
      await form.getByRole('button', { name: 'Add an entry to Counters' }).click();
      const counter = form.getByRole('group', { name: 'Counters', exact: true });
      await counter.getByLabel('Name').fill('tokens');
      await counter.getByLabel('Counts').selectOption('Total tokens');
      await counter.getByLabel('Limit').fill('1');
      await counter.getByLabel('Period').selectOption('Day');
    },
    feel: async (market) =>
      expect(await refused(market, 429, 'rate-limited')).toMatchObject({ exhausted: 'tokens', limit: '1' }),
    after: servedAgain,
  },
  {
    title: 'Quota',
    name: 'Quota units',
    fill: async (form) => {
      await form.getByLabel('Meters').fill('input_tokens\noutput_tokens');
      await form.getByLabel('Limit', { exact: true }).fill('30');
    },
    feel: async (market) =>
      expect(await refused(market, 429, 'quota-exhausted')).toMatchObject({ exhausted: 'units', limit: '30' }),
    after: servedAgain,
  },
  {
    title: 'Budgets',
    fill: (form) => form.getByLabel('Output tokens min').fill('1000'),
    feel: async (market) => {
      // A fresh key for each look: those that were served before have spent something.
      let key = '';
      const answer = await felt('a cap that low', 429, async () => {
        key = await lowKey(market);
        return chat(market.shop, key);
      });
      expect((await problemOf(answer)).slug).toBe('budget-exhausted');
      expect((await chat(market.shop, key, { max_tokens: 50 })).status).toBe(200);
    },
    after: async (market) => {
      const key = await lowKey(market);
      await felt('a call that is lowered as far as it takes', 200, () => chat(market.shop, key));
    },
  },
];

async function addHeader(form: Locator, option: string, name: string): Promise<void> {
  await form.getByRole('button', { name: `Add a line to ${option}` }).click();
  await form.getByLabel(`Name 1 of ${option}`).fill(name);
  await form.getByLabel(`Value 1 of ${option}`).fill('{customer}');
}
