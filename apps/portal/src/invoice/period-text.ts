const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** From one day to another, in UTC: `24 Oct 2026 to 24 Nov 2026`. */
export function periodText(startsAt: string, endsAt: string): string {
  const [from, to] = [DAY.format(new Date(startsAt)), DAY.format(new Date(endsAt))];
  return from === to ? from : `${from} to ${to}`;
}
