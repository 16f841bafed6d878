/** Trusted Types (W3C), which TypeScript's DOM library does not list: https://www.w3.org/TR/trusted-types/ */
interface TrustedTypePolicyFactory {
  readonly defaultPolicy: unknown;
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown;
}

/**
 * The exhibit's page lets no plain text become a script or markup. What runs as a worker or as the service worker comes
 * through here, from the exhibit's own server only; Lit has a policy of its own. A page that embeds the machine and has a
 * default policy already decides itself.
 */
export function trustOwnScripts(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypePolicyFactory };
  if (!trustedTypes || trustedTypes.defaultPolicy) return;
  trustedTypes.createPolicy('default', {
    createScriptURL(url) {
      if (new URL(url, location.href).origin !== location.origin)
        throw new TypeError(`${url} is no script of this exhibit.`);
      return url;
    },
  });
}
