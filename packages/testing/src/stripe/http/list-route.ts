import { fields, type Param } from '../params/param.ts';
import type { Table } from '../table.ts';
import type { World } from '../world.ts';
import { createdField, createdWithin, pageFields, pageOf } from './page.ts';
import { type Route, route } from './route.ts';

type Listed = { readonly id: string; readonly created: number };

/** `GET` of a table: newest first, in pages, narrowed by `created` and by the named fields of its objects. */
export function listRoute<T extends Listed>(
  path: string,
  tableOf: (world: World) => Table<T>,
  filters: Readonly<Record<string, Param<string>>>,
): Route {
  const names = Object.keys(filters);
  return route('GET', path, fields({ ...filters, ...pageFields, created: createdField }), (world, params) => {
    const wanted = params as Readonly<Record<string, unknown>>;
    const isWanted = (row: T) =>
      names.every((name) => wanted[name] === undefined || (row as Record<string, unknown>)[name] === wanted[name]);
    const rows = tableOf(world)
      .newestFirst()
      .filter((row) => isWanted(row) && createdWithin(row.created, params.created));
    return pageOf(rows, params, path);
  });
}
