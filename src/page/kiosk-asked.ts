/** Whether the page's address makes it a kiosk (`?kiosk`, `?kiosk=1`), says that it is none (`?kiosk=0`), or null: neither. */
export function kioskAsked(query: string): boolean | null {
  const value = new URLSearchParams(query).get('kiosk');
  return value === null ? null : value !== '0' && value !== 'false';
}
