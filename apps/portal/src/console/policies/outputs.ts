import type { Outputs } from '../outputs.ts';

export type PolicyType = Outputs['policy']['types']['items'][number];
export type Policy = Outputs['policy']['getForApi']['policies'][number];
export type PolicyLevel = PolicyType['levels'][number];
