import type { AppRouter } from '@tollwright/api';
import type { inferRouterOutputs } from '@trpc/server';

type Outputs = inferRouterOutputs<AppRouter>['invoice'];
export type Invoice = Outputs['get'];
export type InvoiceSummary = Outputs['list']['items'][number];
export type InvoiceLine = Invoice['lines'][number];
export type UpcomingInvoice = Outputs['upcoming'];
