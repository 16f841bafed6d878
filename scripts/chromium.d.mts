/** The browser that is there already: `CHROMIUM_PATH`, Playwright's own, the system's; null for none. */
export function findChromium(): string | null;
/** The browser that is there, or one installed now. Throws one sentence. */
export function findOrInstallChromium(): string;
