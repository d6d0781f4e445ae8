import { createdField, createdWithin, pageFields, pageOf } from '../http/page.ts';
import { type Route, route } from '../http/route.ts';
import { fields, list, text } from '../params/param.ts';

/** Verbs of `events`. */
export const eventRoutes: readonly Route[] = [
  route('GET', '/v1/events/:id', fields({}), (world, _params, id) => world.events.table.get(id)),
  route(
    'GET',
    '/v1/events',
    fields({ ...pageFields, created: createdField, type: text(), types: list(text(), 20) }),
    (world, { created, type, types, ...page }) => {
      const rows = world.events.table
        .newestFirst()
        .filter((event) => type === undefined || event.type === type)
        .filter((event) => types === undefined || types.includes(event.type))
        .filter((event) => createdWithin(event.created, created));
      return pageOf(rows, page, '/v1/events');
    },
  ),
];
