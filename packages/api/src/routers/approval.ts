import {
  decideApproval,
  decideApprovalInput,
  decideApprovalOutput,
  listApprovals,
  listApprovalsInput,
  listApprovalsOutput,
  waitingApprovals,
  waitingApprovalsInput,
  waitingApprovalsOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Payments that agents ask their owners to approve. */
export const approvalRouter = router({
  list: query({
    input: listApprovalsInput,
    output: listApprovalsOutput,
    run: listApprovals,
    rest: 'GET /approvals',
    summary: 'List payments that agents asked to be approved, newest first',
  }),
  waiting: query({
    input: waitingApprovalsInput,
    output: waitingApprovalsOutput,
    run: waitingApprovals,
    summary: 'How many payments wait to be approved',
  }),
  decide: mutation({
    input: decideApprovalInput,
    output: decideApprovalOutput,
    run: decideApproval,
    rest: 'PUT /approvals/{approvalId}/decision',
    summary: 'Approve a payment once or for a day, or refuse it',
  }),
});
