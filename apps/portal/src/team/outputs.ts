import type { AppRouter } from '@tollwright/api';
import type { inferRouterOutputs } from '@trpc/server';

type Outputs = inferRouterOutputs<AppRouter>;

export type Members = Outputs['member']['list'];
export type Member = Members['members'][number];
export type Token = Outputs['token']['list']['items'][number];
