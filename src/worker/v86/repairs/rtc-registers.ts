/** The MC146818's registers by index; see its data sheet, and the PC's century byte at 0x32. */
export const RTC = {
  seconds: 0x00,
  secondsAlarm: 0x01,
  minutes: 0x02,
  minutesAlarm: 0x03,
  hours: 0x04,
  hoursAlarm: 0x05,
  weekday: 0x06,
  day: 0x07,
  month: 0x08,
  year: 0x09,
  a: 0x0a,
  b: 0x0b,
  c: 0x0c,
  d: 0x0d,
  diagnostics: 0x0e,
  century: 0x32,
  /** The same byte where PS/2 machines have it; upstream answers here too. */
  centuryPs2: 0x37,
} as const;

/** Register A. */
export const A = { updateInProgress: 0x80, divider: 0x70, rate: 0x0f } as const;
/** Register B. */
export const B = {
  set: 0x80,
  periodic: 0x40,
  alarm: 0x20,
  updateEnded: 0x10,
  binary: 0x04,
  hours24: 0x02,
} as const;
/** Register C: flags in the bits of B that enable them, and the request they make together. */
export const C = { request: 0x80, flags: 0x70 } as const;

const PM = 0x80;
const DAY_SECONDS = 86_400;

/** The registers of date and time, in the order in which they are latched. */
export const TIME_REGISTERS = [
  RTC.seconds,
  RTC.minutes,
  RTC.hours,
  RTC.weekday,
  RTC.day,
  RTC.month,
  RTC.year,
  RTC.century,
] as const;

function encode(value: number, b: number): number {
  return b & B.binary ? value : ((value / 10) << 4) | (value % 10);
}

function decode(byte: number, b: number): number {
  return b & B.binary ? byte : (byte >> 4) * 10 + (byte & 0xf);
}

function encodeHours(hours: number, b: number): number {
  if (b & B.hours24) return encode(hours, b);
  return encode(hours % 12 === 0 ? 12 : hours % 12, b) | (hours >= 12 ? PM : 0);
}

function decodeHours(byte: number, b: number): number {
  if (b & B.hours24) return decode(byte, b);
  return (decode(byte & ~PM, b) % 12) + (byte & PM ? 12 : 0);
}

/**
 * The byte of one time register at `wallMs`: milliseconds of the clock's own time as if it were UTC.
 * `b` is register B, which says BCD or binary, 12 or 24 hours.
 */
export function encodeTimeRegister(register: number, wallMs: number, b: number): number {
  const date = new Date(wallMs);
  switch (register) {
    case RTC.seconds:
      return encode(date.getUTCSeconds(), b);
    case RTC.minutes:
      return encode(date.getUTCMinutes(), b);
    case RTC.hours:
      return encodeHours(date.getUTCHours(), b);
    case RTC.weekday:
      return encode(date.getUTCDay() + 1, b);
    case RTC.day:
      return encode(date.getUTCDate(), b);
    case RTC.month:
      return encode(date.getUTCMonth() + 1, b);
    case RTC.year:
      return encode(date.getUTCFullYear() % 100, b);
    default:
      return encode(Math.floor(date.getUTCFullYear() / 100), b);
  }
}

/**
 * The whole second that latched time registers name, in the same measure as `encodeTimeRegister`. The weekday
 * is not looked at (the date has one); values out of range run over into the next unit, as the chip's counters
 * would after a while.
 */
export function decodeTimeRegisters(read: (register: number) => number, b: number): number {
  const century = decode(read(RTC.century), b);
  const year = decode(read(RTC.year), b);
  const wall = new Date(0);
  wall.setUTCFullYear(century * 100 + year, decode(read(RTC.month), b) - 1, decode(read(RTC.day), b));
  wall.setUTCHours(
    decodeHours(read(RTC.hours), b),
    decode(read(RTC.minutes), b),
    decode(read(RTC.seconds), b),
  );
  return wall.getTime();
}

/**
 * The first second after `wallMs` at which the alarm registers match, or null where they name no time of day.
 * 0xC0 to 0xFF in a register means "any".
 */
export function nextAlarm(
  wallMs: number,
  alarm: { seconds: number; minutes: number; hours: number },
  b: number,
): number | null {
  const matches = (byte: number, value: number, decoded: number) => byte >= 0xc0 || value === decoded;
  const start = Math.floor(wallMs / 1000) + 1;
  const day = Math.floor(start / DAY_SECONDS) * DAY_SECONDS;
  const hour = (h: number) => matches(alarm.hours, h, decodeHours(alarm.hours, b));
  const minute = (m: number) => matches(alarm.minutes, m, decode(alarm.minutes, b));
  const second = (s: number) => matches(alarm.seconds, s, decode(alarm.seconds, b));
  for (let h = 0; h < 48; h++) {
    const hourStart = day + h * 3600;
    if (!hour(h % 24) || hourStart + 3600 <= start) continue;
    for (let m = 0; m < 60; m++) {
      const minuteStart = hourStart + m * 60;
      if (!minute(m) || minuteStart + 60 <= start) continue;
      for (let s = 0; s < 60; s++) {
        if (second(s) && minuteStart + s >= start) return (minuteStart + s) * 1000;
      }
    }
  }
  return null;
}

/** Milliseconds between periodic interrupts for the rate in register A, or null for rate 0 (none). */
export function periodMs(a: number): number | null {
  const rate = a & A.rate;
  if (rate === 0) return null;
  // With the PC's 32768 Hz crystal the rates 1 and 2 are those of 8 and 9 (data sheet, table 5).
  const shift = rate <= 2 ? rate + 6 : rate - 1;
  return 1000 / (32_768 >> shift);
}
