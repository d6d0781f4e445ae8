import {
  type Actor,
  createCustomer,
  listCustomers,
  listOrganizations,
  listSubscriptions,
  publishCustomer,
  setBudget,
  signUpCustomer,
  subscribe,
} from '@tollwright/services';
import { type Caller, makeAgents } from './agents.ts';
import type { Acme, SeedContext } from './context.ts';
import { AGENT_OWNER, PROVIDER } from './demo.ts';
import { CUSTOMERS, type DemoCustomer } from './demo-customers.ts';
import { allOf } from './lists.ts';
import { accountOf } from './people.ts';
import type { PublishedPlan } from './plans.ts';

const OWNED_BY_A_PERSON = 'Globex';

/** Who acts for a customer: its owner, or the provider. */
interface Standing {
  readonly customerId: string;
  readonly actor: Actor;
}

/** The customers by name. Globex signs up by itself, the others were brought in by the provider. */
export async function makeCustomers(ctx: SeedContext, acme: Acme): Promise<ReadonlyMap<string, Standing>> {
  const { services } = ctx;
  const { providerId, actor } = acme;
  const known = await allOf((page) => listCustomers(services, actor, { providerId, ...page }));
  const owner = await accountOf(ctx, AGENT_OWNER);
  const standings = new Map<string, Standing>();
  for (const { name } of CUSTOMERS) {
    if (name === OWNED_BY_A_PERSON) {
      const { customers } = await listOrganizations(services, owner);
      const mine = customers.find((customer) => customer.provider.id === providerId);
      const customerId = mine?.id ?? (await signUpCustomer(services, owner, { providerSlug: PROVIDER.slug, name })).id;
      standings.set(name, { customerId, actor: owner });
      continue;
    }
    const customer =
      known.find((one) => one.name === name) ?? (await createCustomer(services, actor, { providerId, name }));
    standings.set(name, { customerId: customer.id, actor });
  }
  return standings;
}

/** Subscriptions, budgets, projects, agents and keys of every customer. Answers who may call, customer by customer. */
export async function equipCustomers(
  ctx: SeedContext,
  acme: Acme,
  standings: ReadonlyMap<string, Standing>,
  plans: ReadonlyMap<string, PublishedPlan>,
): Promise<readonly Caller[]> {
  const callers: Caller[] = [];
  for (const customer of CUSTOMERS) {
    const standing = standings.get(customer.name);
    const plan = plans.get(customer.plan);
    if (standing === undefined || plan === undefined) throw new Error(`${customer.name} was not made`);
    callers.push(...(await equip(ctx, acme, customer, standing, plan)));
  }
  return callers;
}

async function equip(
  ctx: SeedContext,
  acme: Acme,
  customer: DemoCustomer,
  { customerId, actor }: Standing,
  plan: PublishedPlan,
): Promise<readonly Caller[]> {
  const { providerId } = acme;
  // Each key would publish its customer again, with all the keys before it: once at the end is enough.
  const quiet = { ...ctx, services: withoutPublishing(ctx.services) };
  const target = { providerId, customerId };
  const subscriptions = await allOf((page) => listSubscriptions(quiet.services, actor, { ...target, ...page }));
  if (!subscriptions.some((one) => one.status === 'active')) {
    await subscribe(quiet.services, acme.actor, { ...target, planVersionId: plan.planVersionId });
  }
  if (customer.budgetNanoUsd !== null) {
    await setBudget(quiet.services, actor, {
      ...target,
      subject: 'customer',
      subjectId: customerId,
      limitNanoUsd: customer.budgetNanoUsd,
      period: 'month',
    });
  }
  const callers = await makeAgents(quiet, { ...target, actor, customer, plan });
  await publishCustomer(ctx.services, providerId, customerId);
  return callers;
}

function withoutPublishing(services: SeedContext['services']): SeedContext['services'] {
  const directory = { ...services.state.directory, putCustomer: async () => undefined };
  return { ...services, state: { ...services.state, directory } };
}
