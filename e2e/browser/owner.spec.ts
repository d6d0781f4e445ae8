import { createHash } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import OpenAI from 'openai';
import { bearer, chatBody, type Gateway } from '../agent-calls.ts';
import { query, tablesWith } from '../database.ts';
import { keyChecksum } from '../key-checksum.ts';
import { atGateway } from './calls.ts';
import { createAgent, createKey, joinProvider, subscribe } from './customer.ts';
import { expectFacts, region } from './facts.ts';
import { closeOtherContexts } from './other-contexts.ts';
import { openShop } from './shop.ts';

const GATEWAYS: readonly Gateway[] = [0, 1];
const OUTPUT_TOKENS = 4;

test.afterEach(({ browser, context }) => closeOtherContexts(browser, context));

test('an agent owner joins, gives an agent a budget and a key, and the agent calls', async ({ page, browser }) => {
  const shop = await test.step('a provider sells', () => openShop(page));
  const own = await (await browser.newContext()).newPage();
  await test.step('signs up in its consumer portal', () => joinProvider(own, shop));
  await test.step('subscribes', () => subscribe(own, 'Pro'));
  await test.step('creates agent-alpha', () => expectAgent(own));
  const key = await test.step('creates a key, which is shown once', () => expectKey(own));
  await test.step('only the hash of the key is stored', () => expectHashed(key));
  for (const gateway of GATEWAYS) {
    const url = atGateway(shop.apiUrl, gateway);
    await test.step(`the agent calls gateway ${gateway} by fetch`, () => callByFetch(url, key));
    await test.step(`the agent calls gateway ${gateway} by the openai SDK`, () => callBySdk(url, key));
  }
});

async function expectAgent(page: Page): Promise<void> {
  const metadata = { team: 'research', region: 'eu-west' };
  await createAgent(page, { name: 'agent-alpha', framework: 'langgraph', metadata, monthlyUsd: '5' });
  await expect(page.getByRole('meter', { name: 'Budget of agent-alpha' })).toHaveAttribute(
    'data-exact-limit',
    '5000000000',
  );
  await expect(region(page, 'Budget')).toContainText('this month');
  await expectFacts(region(page, 'About'), { Framework: 'langgraph', ...metadata });
}

async function expectKey(page: Page): Promise<string> {
  const key = await createKey(page, 'agent-alpha');
  await page.reload();
  const row = page
    .getByRole('table', { name: 'Keys of agent-alpha' })
    .getByRole('row')
    .filter({ hasText: 'production' });
  await expect(row).toContainText(`…${key.slice(-4)}`);
  // The cap that its plan proposes.
  await expect(row.getByRole('meter')).toHaveAttribute('data-exact-limit', '20000000000');
  expect(await page.content()).not.toContain(key);
  const [, random, checksum] = /^tw_live_([0-9A-Za-z]{30,})([0-9A-Za-z]{6})$/.exec(key) ?? [];
  expect(random).toBeDefined();
  expect(checksum).toBe(keyChecksum(key.slice(0, -6)));
  return key;
}

async function expectHashed(key: string): Promise<void> {
  const hash = createHash('sha256').update(key).digest('hex');
  expect(await query('SELECT name FROM api_key WHERE hash = $1', [hash])).toEqual([{ name: 'production' }]);
  // The look-up finds what is there, so that finding nothing means something.
  expect(await tablesWith(hash)).toContain('public.api_key');
  const secret = key.slice(key.lastIndexOf('_') + 1);
  expect(await tablesWith(key)).toEqual([]);
  expect(await tablesWith(secret)).toEqual([]);
}

async function callByFetch(url: string, key: string): Promise<void> {
  for (const headers of [bearer(key), { 'x-api-key': key }]) {
    for (const stream of [false, true]) {
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: chatBody({ max_tokens: OUTPUT_TOKENS, stream }),
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain(stream ? 'text/event-stream' : 'application/json');
      const text = await response.text();
      if (stream) expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
      else expect(JSON.parse(text)).toMatchObject({ usage: { completion_tokens: OUTPUT_TOKENS } });
    }
  }
}

async function callBySdk(url: string, key: string): Promise<void> {
  const openai = new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
  const wanted = {
    model: 'toll-small',
    messages: [{ role: 'user' as const, content: 'hello' }],
    max_tokens: OUTPUT_TOKENS,
  };
  const completion = await openai.chat.completions.create(wanted);
  expect(completion.choices[0]?.message.content).toMatch(/\w/);
  const stream = await openai.chat.completions.create({
    ...wanted,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  let outputTokens = 0;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    outputTokens = chunk.usage?.completion_tokens ?? outputTokens;
  }
  expect(text).toMatch(/\w/);
  expect(outputTokens).toBe(OUTPUT_TOKENS);
}
