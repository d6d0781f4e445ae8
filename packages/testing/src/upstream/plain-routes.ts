/** The models that the sample upstream lists. */
export const sampleModels = ['toll-small', 'toll-large', 'toll-embed'] as const;

/** A JSON document for a GET path, or null when there is no such path. Equal requests get equal answers. */
export function plainDocument(url: URL): object | null {
  if (url.pathname === '/v1/models') {
    return {
      object: 'list',
      data: sampleModels.map((id) => ({ id, object: 'model', created: 1_750_000_000, owned_by: 'sample' })),
    };
  }
  if (url.pathname === '/weather') return weather(url.searchParams.get('city') ?? 'Lisbon');
  const quote = /^\/quotes\/([A-Za-z0-9.]{1,12})$/.exec(url.pathname);
  return quote?.[1] === undefined ? null : priceQuote(quote[1].toUpperCase());
}

function weather(city: string) {
  const seed = seedOf(city.toLowerCase());
  const sky = ['clear', 'cloudy', 'rain', 'wind', 'fog'][seed % 5];
  return { city, temperatureCelsius: (seed % 350) / 10, sky, humidityPercent: 20 + (seed % 70) };
}

function priceQuote(symbol: string) {
  const seed = seedOf(symbol);
  return { symbol, priceCents: 500 + (seed % 90_000), currency: 'USD', changeBasisPoints: (seed % 400) - 200 };
}

function seedOf(text: string): number {
  let seed = 2_166_136_261;
  for (const char of text) seed = Math.imul(seed ^ (char.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return seed;
}
