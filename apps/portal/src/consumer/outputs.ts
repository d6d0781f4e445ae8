import type { AppRouter } from '@tollwright/api';
import type { inferRouterOutputs } from '@trpc/server';

type Outputs = inferRouterOutputs<AppRouter>;

export type Agent = Outputs['agent']['list']['items'][number];
export type AgentKey = Outputs['key']['list']['items'][number];
export type Approval = Outputs['approval']['list']['items'][number];
export type Budget = Outputs['budget']['list']['items'][number];
export type BudgetState = Outputs['usage']['customerHome']['budgets'][number];
export type Call = Outputs['event']['list']['items'][number];
export type CallInFull = Outputs['event']['get'];
export type CustomerHome = Outputs['usage']['customerHome'];
export type PaymentChannel = Outputs['channel']['list']['items'][number];
export type Payment = Outputs['payment']['list']['items'][number];
export type Project = Outputs['project']['list']['items'][number];
export type Storefront = Outputs['account']['storefront'];
export type StorefrontApi = Storefront['apis'][number];
export type StorefrontRoute = StorefrontApi['routes'][number];
export type Subscription = Outputs['subscription']['list']['items'][number];
export type UsageTop = Outputs['usage']['top'];
export type VisiblePlan = Outputs['plan']['visible']['items'][number];
