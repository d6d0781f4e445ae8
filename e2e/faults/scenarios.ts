import type { Scenario } from './scenario.ts';
import { calldata } from './scenarios/calldata.ts';
import { deadline } from './scenarios/deadline.ts';
import { egressRebinding } from './scenarios/egress-rebinding.ts';
import { eventTwice } from './scenarios/event-twice.ts';
import { killAtEveryStep } from './scenarios/kill-at-every-step.ts';
import { killEverywhere } from './scenarios/kill-everywhere.ts';
import { limitLowered } from './scenarios/limit-lowered.ts';
import { lostBusMessage } from './scenarios/lost-bus-message.ts';
import { lostReply } from './scenarios/lost-reply.ts';
import { overReport } from './scenarios/over-report.ts';
import { pause } from './scenarios/pause.ts';
import { paymentFacilitatorKills } from './scenarios/payment-facilitator-kills.ts';
import { paymentKills } from './scenarios/payment-kills.ts';
import { paymentNetworks } from './scenarios/payment-networks.ts';
import { paymentSessions } from './scenarios/payment-sessions.ts';
import { paymentWorkerKills } from './scenarios/payment-worker-kills.ts';
import { periodBorder } from './scenarios/period-border.ts';
import { planLoop } from './scenarios/plan-loop.ts';
import { shardBlocked } from './scenarios/shard-blocked.ts';
import { split } from './scenarios/split.ts';
import { spoolEveryByte } from './scenarios/spool-every-byte.ts';
import { spoolTail } from './scenarios/spool-tail.ts';
import { flushInRebuild, replicaPromoted, shardLost, storeRestart, storeRollback } from './scenarios/store-lost.ts';
import { strangersToTables } from './scenarios/strangers-to-tables.ts';
import { topUpKills } from './scenarios/top-up-kills.ts';
import { tree } from './scenarios/tree.ts';
import { twoGatewaysOnePayment } from './scenarios/two-gateways-one-payment.ts';

/** Names that stand for several scenarios, all of them on a stage. */
export const GROUPS: Readonly<Record<string, readonly Scenario[]>> = {
  payments: [
    ...[paymentKills, paymentWorkerKills, paymentFacilitatorKills, topUpKills],
    ...[paymentNetworks, paymentSessions, calldata, twoGatewaysOnePayment],
  ],
};

/** Every scenario on a stage, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  ...[split, tree, pause, eventTwice, strangersToTables, egressRebinding],
  ...[killEverywhere, killAtEveryStep, spoolTail, spoolEveryByte],
  ...[lostReply, lostBusMessage, limitLowered, planLoop, overReport, deadline],
  ...[storeRollback, storeRestart, flushInRebuild, shardLost, replicaPromoted, shardBlocked],
  ...[periodBorder, calldata, twoGatewaysOnePayment],
  ...[paymentKills, paymentWorkerKills, paymentFacilitatorKills, topUpKills, paymentNetworks, paymentSessions],
];
