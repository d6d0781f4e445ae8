export const METER_WINDOWS = ['MINUTE', 'HOUR', 'DAY', 'MONTH'] as const;
export type MeterWindow = (typeof METER_WINDOWS)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** From `startMs` to before `endMs`, epoch milliseconds. */
export interface WindowBounds {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The window that is called by `key`: epoch seconds of its start for MINUTE and HOUR, the first local date (`2026-03-29`)
 * for DAY and MONTH, which are as long as the zone's calendar makes them.
 */
export function windowBounds(window: MeterWindow, key: string, timeZone: string): WindowBounds {
  if (window === 'HOUR') return hourBounds(Number(key) * 1000, timeZone);
  if (window === 'MINUTE') return { startMs: Number(key) * 1000, endMs: Number(key) * 1000 + MINUTE_MS };
  const [year = 0, month = 1, day = 1] = key.split('-').map(Number);
  const next = window === 'DAY' ? Date.UTC(year, month - 1, day + 1) : Date.UTC(year, month, 1);
  return { startMs: localDateStart(Date.UTC(year, month - 1, day), timeZone), endMs: localDateStart(next, timeZone) };
}

/** An hour on the zone's clocks. One in which they change by half an hour ends there, and another begins. */
function hourBounds(startMs: number, timeZone: string): WindowBounds {
  const endMs = startMs + HOUR_MS;
  const offset = offsetMs(startMs, timeZone);
  if (offsetMs(endMs - 1, timeZone) === offset) return { startMs, endMs };
  let changeMs = startMs;
  while (offsetMs(changeMs, timeZone) === offset) changeMs += MINUTE_MS;
  return (startMs + offset) % HOUR_MS === 0 ? { startMs, endMs: changeMs } : { startMs: changeMs, endMs };
}

/**
 * The first moment of a local date, given as midnight of that date in UTC. Where clocks go back over midnight it is the
 * earlier of both midnights; where they go forward over it, the moment of the change.
 */
export function localDateStart(dateMs: number, timeZone: string): number {
  const candidates = [dateMs - DAY_MS, dateMs + DAY_MS].map((around) => dateMs - offsetMs(around, timeZone));
  const inside = candidates.filter((at) => at + offsetMs(at, timeZone) >= dateMs);
  return Math.min(...(inside.length > 0 ? inside : candidates));
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's clocks are before UTC, in milliseconds. */
function offsetMs(atMs: number, timeZone: string): number {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  formats.set(timeZone, format);
  return format;
}
