import type { Hold } from '@tollwright/state';
import { z } from 'zod';

export const holdOutput = z.object({
  callId: z.string().meta({ description: 'The id that the usage event of the call will have' }),
  spoolId: z.string().meta({ description: 'The gateway process that holds: its spool' }),
  nodes: z
    .array(
      z.object({
        node: z.string().meta({ description: 'The counter: `budget:…` or `quota:…`' }),
        periodId: z.string().meta({ description: 'The period in which the call reserved' }),
        amount: z.string().meta({ description: 'As text: nano-dollars of a budget, units of a quota' }),
      }),
    )
    .meta({ description: 'What is held, the most that the call can cost and use' }),
  since: z.string(),
  deadline: z.string().meta({ description: 'When the gateway will have cut the call. No clock ends a hold' }),
  reason: z.string().meta({ description: 'What the call is for: its operation' }),
});
export type HoldOutput = z.output<typeof holdOutput>;

export function toHold({ callId, spoolId, nodes, sinceMs, deadlineAtMs, reason }: Hold): HoldOutput {
  return {
    callId,
    spoolId,
    nodes: nodes.map(({ node, periodId, amount }) => ({ node, periodId, amount: amount.toString() })),
    since: new Date(sinceMs).toISOString(),
    deadline: new Date(deadlineAtMs).toISOString(),
    reason,
  };
}
