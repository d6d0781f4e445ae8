import { z } from 'zod';
import { slug } from './json.ts';

/** Where a policy is set, from wide to narrow: for an API, for one of its routes, for a plan. */
export const POLICY_LEVELS = ['api', 'route', 'plan'] as const;
export type PolicyLevel = (typeof POLICY_LEVELS)[number];

const OPTIONS_CHARS_MAX = 64 * 1024;

/**
 * One policy as it is set. `options` is what the type's own schema (see the registry in packages/policies) took; `shadow`
 * records what the policy would refuse and refuses nothing.
 */
export const policyConfig = z.object({
  type: slug,
  options: z
    .record(z.string().max(64), z.unknown())
    .refine((options) => JSON.stringify(options).length <= OPTIONS_CHARS_MAX, 'must be at most 64 KiB of JSON'),
  shadow: z.boolean().default(false),
});
export type PolicyConfig = z.output<typeof policyConfig>;

/** The policies of one level, at most 32. Documents of releases without policies have none. */
export const policyList = z.array(policyConfig).max(32).default([]);

const jsonSchema = z.record(z.string(), z.unknown());

/**
 * What an OpenAPI operation says of its requests, as JSON Schema 2020-12 without references to the document it came from:
 * `#/$defs/<name>` names a member of `definitions`.
 */
export const requestSchema = z.object({
  parameters: z
    .array(
      z.object({ name: z.string().max(256), in: z.enum(['path', 'query']), required: z.boolean(), schema: jsonSchema }),
    )
    .max(256),
  body: z.object({ required: z.boolean(), schema: jsonSchema }).nullable(),
  definitions: z.record(z.string(), jsonSchema),
});
export type RequestSchema = z.output<typeof requestSchema>;
