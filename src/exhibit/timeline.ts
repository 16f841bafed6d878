import type { TimelineEvent } from './exhibit-file.ts';

/** The events as they happened; of a year or month without a day, before those that have one. */
export function inOrder(events: readonly TimelineEvent[]): TimelineEvent[] {
  return [...events].sort((a, b) => (a.when < b.when ? -1 : a.when > b.when ? 1 : 0));
}

/** A date of an exhibit file as people say it: "2009", "October 2009", "22 October 2009". `tag` is BCP 47. */
export function spokenDate(when: string, tag: string): string {
  const [year, month, day] = when.split('-');
  if (!month) return year;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1)));
  // British order of day, month and year for English: a museum label, not a form.
  return new Intl.DateTimeFormat(tag === 'en' ? 'en-GB' : tag, {
    year: 'numeric',
    month: 'long',
    ...(day ? { day: 'numeric' } : {}),
    timeZone: 'UTC',
  }).format(date);
}
