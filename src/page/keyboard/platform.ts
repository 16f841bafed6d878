/** The visitor's system, as far as its keyboard events differ. */
export type Platform = 'windows' | 'mac' | 'other';

/** What of `navigator` tells the platform. */
export interface NavigatorNames {
  platform?: string;
  /** Chromium's newer way to say it, which TypeScript's DOM library does not list. */
  userAgentData?: { platform?: string };
}

/** iPads and iPhones count as 'mac': their keyboards and their missing keyups are Apple's. */
export function platformOf(names: NavigatorNames): Platform {
  const name = (names.userAgentData?.platform || names.platform || '').toLowerCase();
  if (name.startsWith('win')) return 'windows';
  return /^(mac|ip(hone|ad|od))/.test(name) ? 'mac' : 'other';
}
