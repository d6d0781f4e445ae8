import type { Problem } from '@tollwright/core';
import { z } from 'zod';
import { ALLOWED, type Decision } from '../policy.ts';
import { definePolicy } from '../policy-type.ts';
import { createBlocks, parseBlock } from './cidr.ts';

const block = z
  .string()
  .max(64)
  .refine((text) => parseBlock(text) !== null, 'must be an address or a block such as 203.0.113.0/24 or 2001:db8::/32');

const options = z.object({
  allow: z
    .array(block)
    .max(1_000)
    .default([])
    .describe('Addresses or blocks that may call. Empty: every address that is not denied.'),
  deny: z
    .array(block)
    .max(1_000)
    .default([])
    .describe('Addresses or blocks that may not call, even if they are allowed.'),
});

const REFUSED: Decision = {
  kind: 'refused',
  problem: { slug: 'forbidden', detail: 'Calls from this address are not allowed.' } satisfies Problem,
};

export const ipFilter = definePolicy({
  type: 'ip-filter',
  title: 'IP filter',
  summary: 'Lets calls through by the address that they come from.',
  options,
  levels: ['api', 'route', 'plan'],
  mayShadow: true,
  stacking: 'add',
  phase: 'head',
  create({ allow, deny }) {
    if (allow.length === 0 && deny.length === 0) return null;
    const isAllowed = allow.length === 0 ? () => true : createBlocks(allow);
    const isDenied = createBlocks(deny);
    return { decide: ({ clientIp }) => (isAllowed(clientIp) && !isDenied(clientIp) ? ALLOWED : REFUSED) };
  },
});
