import {
  type ExtractorRule,
  extractorRule,
  meterDefinition,
  type OutboxMessage,
  outboxMessage,
  type PolicyConfig,
  planTerms,
  policyList,
  type RailFees,
  railFees,
  toJson,
  type UpstreamBreaker,
  upstreamBreaker,
} from '@tollwright/contracts';
import type { Meter, PlanTerms } from '@tollwright/core';
import type { Meter as DbMeter, Prisma } from './generated/client.ts';

/** Makes any value storable as JSON; bigints become decimal strings, dates ISO text. */
export function toDbJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(toJson(value)) as Prisma.InputJsonValue;
}

export function fromDbPlanTerms(value: unknown): PlanTerms {
  return planTerms.parse(value);
}

export function toDbPlanTerms(terms: PlanTerms): Prisma.InputJsonValue {
  return toDbJson(terms);
}

export function fromDbExtractorRule(value: unknown): ExtractorRule {
  return extractorRule.parse(value);
}

export function fromDbPolicies(value: unknown): readonly PolicyConfig[] {
  return policyList.parse(value);
}

export function fromDbRailFees(value: unknown): RailFees {
  return railFees.parse(value);
}

export function fromDbUpstreamBreaker(value: unknown): UpstreamBreaker {
  return upstreamBreaker.parse(value);
}

/** A meter row as core's Meter. */
export function fromDbMeter(row: DbMeter): Meter {
  return meterDefinition.parse({
    slug: row.slug,
    eventType: row.eventType,
    aggregation: row.aggregation,
    valueProperty: row.valueProperty,
    groupBy: row.groupBy,
  });
}

export function fromDbOutbox(value: unknown): OutboxMessage {
  return outboxMessage.parse(value);
}
