import { describe, expect, it } from 'vitest';
import type { Terms } from '../outputs.ts';
import { draftOf, NEW_TERMS, termsOf } from './terms-draft.ts';
import { newUnitPrice } from './unit-price-draft.ts';

const METERS = [
  { slug: 'requests', name: 'Requests' },
  { slug: 'input_tokens', name: 'Input tokens' },
  { slug: 'output_tokens', name: 'Output tokens' },
];

const STORED: Terms = {
  currency: 'usd',
  billingPeriod: 'month',
  rateLimit: { limit: 100, windowSeconds: 60 },
  quotas: [
    {
      featureKey: 'tokens',
      meters: ['input_tokens', 'output_tokens'],
      limit: '1000000',
      period: 'month',
      onExhausted: 'reject',
    },
  ],
  rateCards: [
    {
      key: 'monthly_fee',
      name: 'Monthly fee',
      price: { kind: 'flat', amountNanoUsd: '49000000000', paymentTerm: 'in-advance' },
    },
    {
      ...{ key: 'input_tokens', name: 'Input tokens', percentOff: 10, amountOffNanoUsd: '1000000000' },
      price: {
        kind: 'per-model-token',
        meter: 'input_tokens',
        usdPerMillionByModel: { small: '2.5' },
        defaultUsdPerMillion: null,
      },
    },
    {
      key: 'output_tokens',
      name: 'Output tokens',
      price: {
        kind: 'per-model-token',
        meter: 'output_tokens',
        usdPerMillionByModel: { small: '7.5', large: '15' },
        defaultUsdPerMillion: '20',
      },
    },
    {
      ...{ key: 'requests_unit', name: 'Requests', includedUnits: '100', percentOff: 5 },
      price: { kind: 'per-unit', meter: 'requests', usdPerUnit: '0.0005' },
    },
    {
      ...{ key: 'requests_package', name: 'Requests' },
      price: { kind: 'package', meter: 'requests', units: '1000', usdPerPackage: '2' },
    },
    {
      ...{ key: 'requests_graduated', name: 'Requests' },
      price: {
        ...{ kind: 'graduated', meter: 'requests' },
        tiers: [
          { upTo: '1000', usdPerUnit: '0.01', flatUsd: '5' },
          { upTo: null, usdPerUnit: '0.001', flatUsd: '0' },
        ],
      },
    },
    {
      ...{ key: 'requests_volume', name: 'Requests', amountOffNanoUsd: '2500000000' },
      price: {
        ...{ kind: 'volume', meter: 'requests' },
        tiers: [
          { upTo: '1000', usdPerUnit: '0.01', flatUsd: '0' },
          { upTo: null, usdPerUnit: '0.01', flatUsd: '1' },
        ],
      },
    },
  ],
  defaultKeyBudget: { limitNanoUsd: '5000000000', period: 'month' },
  outputTokensMax: 1024,
  minimumNanoUsd: '100000000000',
  policies: [{ type: 'request-size', options: { bytesMax: 10 }, shadow: true }],
  prepaid: {
    packs: [{ key: 'starter', name: 'Starter', priceNanoUsd: '5000000000', creditNanoUsd: '6000000000' }],
  },
};

describe('draftOf and termsOf', () => {
  it('are each other: what is stored and not changed is sent back as it was', () => {
    const typed = termsOf(draftOf(STORED), METERS);
    const { rateLimit, rateCards, defaultKeyBudget, outputTokensMax, minimumNanoUsd, policies, prepaid } = STORED;
    const quotas = [{ featureKey: 'tokens', limit: '1000000', period: 'month' }];
    expect(typed).toEqual({
      kind: 'terms',
      terms: { rateLimit, rateCards, defaultKeyBudget, outputTokensMax, minimumNanoUsd, quotas, policies, prepaid },
    });
  });

  it('take a pack that gives less than it costs, or has no name, for a mistake', () => {
    const packs = [
      { name: 'Cheap', priceUsd: '5', creditUsd: '4' },
      { name: '', priceUsd: '', creditUsd: '' },
    ];
    const typed = termsOf({ ...draftOf(STORED), packs }, METERS);
    const errors = typed.kind === 'wrong' ? Object.keys(typed.errors) : [];
    expect(errors).toEqual(['packs.0.credit', 'packs.1', 'packs.1.price']);
  });

  it('keep a second flat fee that the editor does not show', () => {
    const second = { ...STORED.rateCards[0], key: 'support' } as Terms['rateCards'][number];
    const typed = termsOf(draftOf({ ...STORED, rateCards: [...STORED.rateCards, second] }), METERS);
    expect(typed.kind === 'terms' && typed.terms.rateCards.map(({ key }) => key)).toEqual([
      'monthly_fee',
      'support',
      'input_tokens',
      'output_tokens',
      'requests_unit',
      'requests_package',
      'requests_graduated',
      'requests_volume',
    ]);
  });
});

describe('termsOf', () => {
  it('takes empty limits and fees as none', () => {
    const typed = termsOf({ ...NEW_TERMS, rateLimit: ' ', feeUsd: '' }, METERS);
    expect(typed.kind === 'terms' && [typed.terms.rateLimit, typed.terms.rateCards]).toEqual([null, []]);
  });

  it('names every field that is wrong', () => {
    const typed = termsOf(
      {
        ...NEW_TERMS,
        rateLimit: '0',
        feeUsd: 'much',
        minimumUsd: '0',
        quotas: [{ featureKey: 'tokens', limit: '1.5', period: 'month' }],
        models: [
          { model: '', usdPerMillion: {} },
          { model: 'small', usdPerMillion: { input_tokens: '-1' } },
          { model: 'small ', usdPerMillion: {} },
        ],
        others: { output_tokens: '1e3' },
        unitPrices: [
          { ...newUnitPrice('requests'), usdPerUnit: 'x', includedUnits: '0', percentOff: '100' },
          {
            ...{ ...newUnitPrice('input_tokens'), kind: 'graduated', usdPerPackage: 'not read' },
            tiers: [
              { upTo: '10', usdPerUnit: '1', flatUsd: '' },
              { upTo: '10', usdPerUnit: '1', flatUsd: 'x' },
              { upTo: 'not read', usdPerUnit: '', flatUsd: '' },
            ],
          },
          { ...newUnitPrice('output_tokens'), kind: 'package', packageUnits: '0', usdPerPackage: '' },
          {
            ...{ ...newUnitPrice('requests'), kind: 'volume', amountOffUsd: 'x' },
            tiers: [
              { upTo: '10', usdPerUnit: '1', flatUsd: '' },
              { upTo: '', usdPerUnit: '1.01', flatUsd: '' },
            ],
          },
        ],
        keyBudgetUsd: '',
        outputTokensMax: '',
      },
      METERS,
    );
    expect(typed.kind === 'wrong' && Object.keys(typed.errors).sort()).toEqual([
      'feeUsd',
      'keyBudgetUsd',
      'minimumUsd',
      'models.0',
      'models.1.input_tokens',
      'models.2',
      'others.output_tokens',
      'outputTokensMax',
      'quotas.0.limit',
      'rateLimit',
      'unitPrices.0.includedUnits',
      'unitPrices.0.percentOff',
      'unitPrices.0.usdPerUnit',
      'unitPrices.1.tiers.1.flatUsd',
      'unitPrices.1.tiers.1.upTo',
      'unitPrices.1.tiers.2.usdPerUnit',
      'unitPrices.2.packageUnits',
      'unitPrices.2.usdPerPackage',
      'unitPrices.3.amountOffUsd',
      'unitPrices.3.tiers.1.usdPerUnit',
    ]);
  });
});
