import { language, t } from './language.ts';

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** A number as the page's language writes it, with `digits` after its comma. */
export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString(language.value.tag, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** A time as the page's language writes them. */
export function formatTime(at: Date, options: Intl.DateTimeFormatOptions = { timeStyle: 'medium' }): string {
  return at.toLocaleString(timeLocale(), options);
}

/** The visitor's own variant of the page's language, where it is theirs: "de-AT" for "de". */
function timeLocale(): string {
  const own = new Intl.DateTimeFormat().resolvedOptions().locale;
  const { tag } = language.value;
  return own === tag || own.startsWith(`${tag}-`) ? own : tag;
}

/** A size as people read it: decimal units, three significant digits ("2.56 GB", "512 bytes"). */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  if (unit === 0) return t`${formatNumber(value)} bytes`;
  return `${formatNumber(value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)} ${UNITS[unit]}`;
}

/** The size of a disk as its guest counts it, in GB of 2^30 bytes: "16 GB". */
export function formatDiskSize(sizeBytes: number): string {
  const size = sizeBytes / 2 ** 30;
  if (size >= 1) return `${formatNumber(size, Number.isInteger(Number(size.toFixed(1))) ? 0 : 1)} GB`;
  const sizeMiB = size * 1024;
  return sizeMiB >= 1 ? `${Math.round(sizeMiB)} MB` : `${Math.ceil(sizeMiB * 1024)} kB`;
}

/** The same with its exact figure: a disk that is a sector too large looks like one that is not. */
export function exactDiskSize(sizeBytes: number): string {
  return t`${formatDiskSize(sizeBytes)} (${formatNumber(sizeBytes)} bytes)`;
}

/** A size with its exact figure, as a visitor compares it with what the file manager shows. */
export function exactBytes(bytes: number): string {
  return t`${formatBytes(bytes)} (${formatNumber(bytes)} bytes)`;
}

/** A span of time in words: "12 s", "3 min 20 s", "2 h 5 min". */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}
