import { role } from '@tollwright/contracts';
import { z } from 'zod';
import { customerId, providerId } from '../fields.ts';

/** Members of a provider, or of one of its customers when `customerId` is given. */
export const memberTarget = { providerId, customerId: customerId.optional() };

export const memberOutput = z.object({
  id: z.string(),
  userId: z.string(),
  email: z.string(),
  name: z.string(),
  role,
  createdAt: z.string(),
});

export const invitationOutput = z.object({
  id: z.string(),
  email: z.string(),
  role,
  expiresAt: z.string(),
  createdAt: z.string(),
});
