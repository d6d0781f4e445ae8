import { z } from 'zod';

/** Roles of a membership. This release enforces owner and viewer; the others act as viewers until they are. */
export const ROLES = ['owner', 'admin', 'developer', 'finance', 'viewer'] as const;
export const role = z.enum(ROLES);
export type Role = z.output<typeof role>;

/** Scopes of a management token. */
export const SCOPES = ['read', 'write'] as const;
export const scope = z.enum(SCOPES);
export type Scope = z.output<typeof scope>;
