/** What is known of the build at the build: which product, engine, firmware and repairs are in it. */
export interface BuildFacts {
  readonly version: string;
  /** The first 16 digits of the SHA-256 over the sources. */
  readonly source: string;
  readonly engine: string;
  /** Of the engine as it is shipped, with our patches. */
  readonly engineSha256: string;
  readonly biosSha256: string;
  readonly vgaBiosSha256: string;
  readonly repairs: number;
  /** The first 16 digits of the SHA-256 over the names of the repairs. */
  readonly repairsSum: string;
}

declare const BUILD_FACTS: BuildFacts;

export function buildFacts(): BuildFacts {
  return BUILD_FACTS;
}
