import 'server-only';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PolicyType } from '@tollwright/policies';

/** The page of a policy type, read while the portal is built. */
export function policyPage({ type }: Pick<PolicyType, 'type'>): Promise<string> {
  return readFile(path.join(process.cwd(), '../../packages/policies/src', type, 'README.md'), 'utf8');
}
