/** The whole text of the file THIRD-PARTY. Throws when a dependency is shipped that is not listed. */
export function thirdPartyText(): string;
