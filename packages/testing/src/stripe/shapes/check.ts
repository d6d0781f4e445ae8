import { startStripeDouble } from '../stripe-double.ts';
import { makeSamples } from './samples.ts';
import { differences, type Fixtures, publishedShapes, type Shape, shapeOf } from './shape.ts';

/** What comparing the double with published shapes came to. `unknown` are the kinds that no fixture shows. */
export type ShapeReport = {
  readonly kinds: readonly string[];
  readonly unknown: readonly string[];
  readonly problems: readonly string[];
  /** The published shapes of those kinds. */
  readonly published: Readonly<Record<string, Shape>>;
};

/** Makes objects of every kind and compares them with Stripe's fixtures. */
export async function checkAgainstFixtures(fixtures: readonly Fixtures[]): Promise<ShapeReport> {
  return check((kinds) => publishedShapes(kinds, fixtures));
}

/** The same against shapes that were written down before. */
export async function checkAgainstShapes(published: Readonly<Record<string, Shape>>): Promise<ShapeReport> {
  return check(() => published);
}

async function check(publish: (kinds: readonly string[]) => Readonly<Record<string, Shape>>): Promise<ShapeReport> {
  const double = await startStripeDouble({ port: 0 });
  try {
    const samples = await makeSamples(double);
    const kindOf = (name: string) => name.split('#')[0] ?? '';
    const kinds = [...new Set(Object.keys(samples).map(kindOf))].sort();
    const published = publish(kinds);
    const problems = Object.entries(samples).flatMap(([name, sample]) =>
      differences(shapeOf(sample), published[kindOf(name)] ?? null).map((difference) => `${name}: ${difference}`),
    );
    return { kinds, unknown: kinds.filter((kind) => published[kind] === undefined), problems, published };
  } finally {
    await double.close();
  }
}
