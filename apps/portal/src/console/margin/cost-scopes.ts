import 'server-only';
import type { Caller } from '../../server/caller.ts';

/** Where a cost table holds: `''` every API, `<api>` one, `<api> <route>` one route of it. */
export interface CostScope {
  readonly value: string;
  readonly label: string;
}

const ROUTES_OF_APIS_MAX = 20;

/** Every scope that costs can be set for, the widest first. */
export async function costScopes(api: Caller): Promise<readonly CostScope[]> {
  const { items } = await api.api.list({ limit: 200 });
  const routed = await Promise.all(
    items.map(async ({ id, name }, index) => {
      const routes = index < ROUTES_OF_APIS_MAX ? (await api.route.list({ apiId: id, limit: 200 })).items : [];
      return [
        { value: id, label: name },
        ...routes.map((route) => ({
          value: `${id} ${route.id}`,
          label: `${name}: ${route.method} ${route.pathTemplate}`,
        })),
      ];
    }),
  );
  return [{ value: '', label: 'Every API' }, ...routed.flat()];
}
