import { PRODUCTION_HEADERS } from './security.ts';

/**
 * What a server needs to serve the exhibit, for nginx, Apache, and hosts that read a `_headers` file. Written from
 * this one description (`npm run hosting`), so that they cannot say different things; a test compares what is in
 * `hosting/` with it.
 */

/** The type of every kind of file that is built, by the ending of its name. */
export const MEDIA_TYPES: Readonly<Record<string, readonly string[]>> = {
  'text/html': ['html'],
  'text/css': ['css'],
  'text/javascript': ['js', 'mjs'],
  'text/plain': ['txt'],
  'application/json': ['json', 'map'],
  'application/manifest+json': ['webmanifest'],
  'application/wasm': ['wasm'],
  'image/svg+xml': ['svg'],
  // Not built, but an exhibit file of a museum's own may show them.
  'image/jpeg': ['jpg', 'jpeg'],
  'image/webp': ['webp'],
  'image/png': ['png'],
  'application/octet-stream': ['bin', 'iso'],
};

/** Those that become much smaller; discs stay as they are, so that parts of them can be asked for. */
const COMPRESSED = Object.keys(MEDIA_TYPES).filter(
  (type) => !/^image\/(png|jpeg|webp)$|octet-stream$/.test(type),
);

/** Files whose name holds a hash of their content, like `assets/index-Ct7RNq2e.js`: another content has another name. */
const HASHED_NAME = '-[A-Za-z0-9_-]{8}\\.[a-z0-9]+$';
export const FOREVER = 'public, max-age=31536000, immutable';
/** Kept, but never used without asking: `index.html`, `sw.js`, `exhibit.json` and what else keeps its name. */
export const ASK_FIRST = 'no-cache';

const MADE = 'Written by `npm run hosting` from scripts/hosting.ts and scripts/security.ts. Change those.';

/** For `/etc/nginx/conf.d/`: needs no module that Debian's nginx-light has not. */
export function nginxConf(): string {
  return `# ${MADE}
# Put this file into /etc/nginx/conf.d/, and the contents of dist/ where \`root\` says.
# The exhibit may also lie in a folder below the root: its addresses are relative.
map $uri $vitrine_cache {
  "~/assets/[^/]+${HASHED_NAME}" "${FOREVER}";
  default "${ASK_FIRST}";
}
server {
  # Browsers keep the exhibit for use without network only from https, or from this computer (localhost).
  listen 127.0.0.1:8080;
  root /srv/vitrine;
  index index.html;

${Object.entries(PRODUCTION_HEADERS)
  .map(([name, value]) => `  add_header ${name} "${value}" always;`)
  .join('\n')}
  add_header Cache-Control $vitrine_cache;

  types {
${Object.entries(MEDIA_TYPES)
  .map(([type, endings]) => `    ${type} ${endings.join(' ')};`)
  .join('\n')}
  }
  default_type application/octet-stream;
  charset utf-8;
  charset_types ${COMPRESSED.filter((type) => type.startsWith('text/') && type !== 'text/html').join(' ')};

  gzip on;
  gzip_vary on;
  gzip_min_length 1024;
  gzip_types ${COMPRESSED.filter((type) => type !== 'text/html').join(' ')};

  # What is for other kinds of servers.
  location ~ /(\\.ht|_headers$) {
    return 404;
  }
}
`;
}

/** For Apache: lies beside `index.html`, where `AllowOverride` lets it. Holds in any folder of a site. */
export function htaccess(): string {
  return `# ${MADE}
# Needs mod_headers (and mod_deflate, to send less), and AllowOverride FileInfo for this folder.
AddDefaultCharset utf-8
${Object.entries(MEDIA_TYPES)
  .map(([type, endings]) => `AddType ${type} ${endings.map((ending) => `.${ending}`).join(' ')}`)
  .join('\n')}

${Object.entries(PRODUCTION_HEADERS)
  .map(([name, value]) => `Header always set ${name} "${value}"`)
  .join('\n')}
Header set Cache-Control "${ASK_FIRST}"
<FilesMatch "${HASHED_NAME}">
  Header set Cache-Control "${FOREVER}"
</FilesMatch>

<IfModule mod_deflate.c>
  AddOutputFilterByType DEFLATE ${COMPRESSED.join(' ')}
</IfModule>
`;
}

/**
 * For hosts that read `_headers` (Netlify, Cloudflare Pages and others). Such a host gives media types, compression
 * and "ask first" by itself; a header named by two rules would be sent twice, so no rule repeats another's.
 */
export function headersFile(): string {
  return `# ${MADE}
# Paths begin at the root of the site: for an exhibit in a folder, put the folder in front of them.
/*
${Object.entries(PRODUCTION_HEADERS)
  .map(([name, value]) => `  ${name}: ${value}`)
  .join('\n')}
/assets/*
  Cache-Control: ${FOREVER}
${['/', '/index.html', '/sw.js', '/exhibit.json', '/manifest.webmanifest']
  .map((path) => `${path}\n  Cache-Control: ${ASK_FIRST}`)
  .join('\n')}
`;
}

/** The files of `hosting/` by their names. */
export const HOSTING_FILES: Readonly<Record<string, () => string>> = {
  'nginx.conf': nginxConf,
  'apache.htaccess': htaccess,
  _headers: headersFile,
};

/** Those that go out with the built exhibit, by their names there; no page asks for them. */
export const SHIPPED_HOSTING_FILES: Readonly<Record<string, () => string>> = {
  '.htaccess': htaccess,
  _headers: headersFile,
};
