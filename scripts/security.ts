/**
 * What the page may do, kept by the browser whatever the page tries: scripts and workers from its own origin
 * only (WebAssembly may be compiled, strings may not be evaluated), connections to its own origin only.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  // One frame, for downloads: see src/page/save-download.ts.
  "frame-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * For the exhibit's own page, in itself: no text becomes a script or markup either (see src/page/trusted-scripts.ts). Not
 * in the server's headers, which are for a museum's own pages in that folder too.
 */
export const PAGE_POLICY = `${CONTENT_SECURITY_POLICY}; require-trusted-types-for 'script'; trusted-types default lit-html`;

/** For a server; `frame-ancestors` is ignored in a meta tag, so it is only here. */
export const PRODUCTION_HEADERS = {
  'Content-Security-Policy': `${CONTENT_SECURITY_POLICY}; frame-ancestors 'self'`,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), serial=(), hid=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};
