import * as v from 'valibot';
import { t } from '../lib/language.ts';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const timeOfDay = (what: string) =>
  v.pipe(
    v.string(),
    v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, () => t`must be a time like "09:30"`),
    v.description(what),
  );

const seconds = (least: number, most: number, what: string) =>
  v.pipe(
    v.number(),
    v.minValue(least, () => t`must be at least ${least}`),
    v.maxValue(most, () => t`must be at most ${most}`),
    v.description(what),
  );

const hex = (what: string) =>
  v.pipe(
    v.string(),
    v.regex(/^([0-9a-f]{2}){8,64}$/, () => t`must be hexadecimal digits`),
    v.description(what),
  );

const opening = v.strictObject({
  days: v.optional(
    v.pipe(
      v.array(v.picklist(WEEKDAYS, () => t`must be one of ${WEEKDAYS.join(', ')}`)),
      v.description('The days it is for; all of them if left out.'),
    ),
    [...WEEKDAYS],
  ),
  wake: timeOfDay('When the exhibit wakes, by the clock of the computer it runs on.'),
  sleep: timeOfDay('When it goes to sleep; later on the same day than it wakes.'),
});

/** How the case behaves as a kiosk: the field `kiosk` of an exhibit file. */
export const KioskSettingsSchema = v.pipe(
  v.strictObject({
    enabled: v.optional(
      v.pipe(v.boolean(), v.description('A kiosk without `?kiosk` in the address.')),
      false,
    ),
    idleSeconds: v.optional(
      seconds(5, 3600, 'How long nobody touches anything before the countdown begins.'),
      120,
    ),
    countdownSeconds: v.optional(seconds(3, 300, 'How long the countdown runs; a touch ends it.'), 20),
    resetAfterVisitor: v.optional(
      v.pipe(v.boolean(), v.description('Back to the first state after each visitor.')),
      true,
    ),
    staffHoldSeconds: v.optional(seconds(1, 20, 'How long staff hold the corner of the screen.'), 3),
    schedule: v.optional(
      v.pipe(
        v.array(
          v.pipe(
            opening,
            v.check(
              ({ wake, sleep }) => wake < sleep,
              () => t`must wake before it sleeps`,
            ),
          ),
        ),
        v.description('When it is awake; always if left out.'),
      ),
      [],
    ),
    pin: v.optional(
      v.pipe(
        v.strictObject({
          salt: hex('Random bytes.'),
          hash: hex('PBKDF2 with SHA-256 of the PIN and the salt, 32 bytes.'),
          iterations: v.pipe(
            v.number(),
            v.integer(() => t`must be a whole number`),
            v.minValue(10_000, () => t`must be at least ${10_000}`),
            v.maxValue(10_000_000, () => t`must be at most ${10_000_000}`),
          ),
        }),
        v.description('The PIN of the staff menu, never in the clear; the menu shows what to put here.'),
      ),
    ),
  }),
  v.description('How the case behaves as a kiosk.'),
);

export type KioskSettings = v.InferOutput<typeof KioskSettingsSchema>;
export type PinHash = NonNullable<KioskSettings['pin']>;
export type KioskSchedule = KioskSettings['schedule'];

/** The settings of a kiosk whose exhibit file says nothing about it. */
export function defaultKioskSettings(): KioskSettings {
  return v.parse(KioskSettingsSchema, {});
}

/** Settings that were kept by an earlier version, say; null for what is none. */
export function readKioskSettings(kept: unknown): KioskSettings | null {
  const read = v.safeParse(KioskSettingsSchema, kept);
  return read.success ? read.output : null;
}

/** Whether the exhibit is awake at a local time. `weekday`: 0 is Sunday, as `Date.getDay` has it. */
export function isAwake(schedule: KioskSchedule, weekday: number, hours: number, minutes: number): boolean {
  if (schedule.length === 0) return true;
  const day = WEEKDAYS[(weekday + 6) % 7];
  const now = `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
  return schedule.some(({ days, wake, sleep }) => days.includes(day) && wake <= now && now < sleep);
}
