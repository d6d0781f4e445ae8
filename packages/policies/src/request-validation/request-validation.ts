import { z } from 'zod';
import { definePolicy } from '../policy-type.ts';
import { createValidator } from './validator.ts';

const options = z.object({
  body: z.boolean().default(true).describe('Check the JSON body against the operation.'),
  query: z.boolean().default(true).describe('Check query parameters.'),
  path: z.boolean().default(true).describe('Check path parameters.'),
  unknownQuery: z
    .enum(['allow', 'refuse'])
    .default('allow')
    .describe('Whether query parameters that the operation does not name are let through.'),
  errorsMax: z.int().min(1).max(100).default(50).describe('Most errors that one answer lists.'),
});
export type ValidationOptions = z.output<typeof options>;

export const requestValidation = definePolicy({
  type: 'request-validation',
  title: 'Request validation',
  summary: 'Refuses requests that the OpenAPI operation does not describe, and lists everything that is wrong.',
  options,
  levels: ['api', 'route'],
  mayShadow: true,
  stacking: 'replace',
  phase: 'body',
  readsBody: ({ body }, { route }) => body && route.requestSchema?.body != null,
  create(own, { route }) {
    if (route.requestSchema === undefined) return null;
    return { decide: createValidator(own, route.requestSchema, route.pathTemplate) };
  },
});
