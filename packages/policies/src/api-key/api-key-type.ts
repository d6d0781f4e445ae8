import { definePolicy } from '../policy-type.ts';
import { apiKeyOptions } from './api-key.ts';

/** Keys are looked for on every call; this policy sets where. */
export const apiKeyType = definePolicy({
  type: 'api-key',
  title: 'API key',
  summary: 'Says where callers may show their key.',
  options: apiKeyOptions,
  levels: ['api'],
  mayShadow: false,
  stacking: 'replace',
  phase: 'head',
  create: () => null,
});
