import type { AppRouter } from '@tollwright/api';
import type { inferRouterOutputs } from '@trpc/server';

type Outputs = inferRouterOutputs<AppRouter>;

export type Trace = Outputs['trace']['list']['items'][number];
export type TraceInFull = Outputs['trace']['get'];
export type PolicyDecision = TraceInFull['policies'][number];
export type Price = NonNullable<TraceInFull['used']>;
