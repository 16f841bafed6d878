/** Whether the page's address makes it a kiosk (`?kiosk`, `?kiosk=1`), says that it is none (`?kiosk=0`), or null: neither. */
export function kioskAsked(query: string): boolean | null {
  const value = new URLSearchParams(query).get('kiosk');
  return value === null ? null : value !== '0' && value !== 'false';
}

/** Whether staff opened the page to set the kiosk up (`?kiosk=setup`): they may choose its first PIN. */
export function kioskSetupAsked(query: string): boolean {
  return new URLSearchParams(query).get('kiosk') === 'setup';
}

/** The address of the same page as a kiosk for visitors. */
export function withoutSetup(address: string): string {
  const url = new URL(address);
  url.searchParams.set('kiosk', '1');
  return url.href;
}
