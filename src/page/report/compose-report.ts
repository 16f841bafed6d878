import * as v from 'valibot';
import type { BootRecord } from '../../machine/milestones/milestones.ts';
import type { PowerState } from '../../machine/power.ts';
import type { MachineProfile } from '../../machine/profile.ts';
import type { DiscReport } from '../../media/disc-report.ts';
import type { BrowserFacts } from './browser-facts.ts';
import type { BuildFacts } from './build-facts.ts';
import {
  buildSchema,
  channelSchema,
  editionSchema,
  errorCodeSchema,
  labelSchema,
  languageSchema,
  nameSchema,
  OTHER,
  reasonSchema,
  ReportSchema,
  type MachineReport,
} from './report-schema.ts';

/** All that a report is made from; most of it is not in there. */
export interface ReportSources {
  readonly at: Date;
  readonly build: BuildFacts;
  readonly browser: BrowserFacts;
  readonly isSecure: boolean;
  readonly profile: MachineProfile;
  readonly power: PowerState;
  readonly disc: DiscReport | null;
  readonly disk: { readonly sizeBytes: number; readonly base: unknown } | null;
  readonly hasFloppy: boolean;
  readonly boot: BootRecord;
}

/**
 * What the owner of a machine may send to whoever mends it: milestones, versions, kinds and counts, and nothing of
 * theirs. Texts that came with a disc are in it only where they are on a list of ours; all others are `other` or null.
 */
export function composeReport(sources: ReportSources): MachineReport {
  const { at, build, browser, isSecure, profile, power, disk, hasFloppy, boot } = sources;
  const { memoryMiB, videoMemoryMiB, acpi, apic, bootOrder, clock } = profile;
  return v.parse(ReportSchema, {
    format: 'vitrine-report-1',
    day: at.toISOString().slice(0, 10),
    product: { version: build.version, source: build.source },
    engine: {
      version: build.engine,
      sha256: build.engineSha256,
      biosSha256: build.biosSha256,
      vgaBiosSha256: build.vgaBiosSha256,
      repairs: build.repairs,
      repairsSum: build.repairsSum,
    },
    browser: { ...browser, secure: isSecure },
    machine: {
      memoryMiB,
      videoMemoryMiB,
      acpi,
      apic,
      bootOrder,
      clock,
      power: power.power,
      errorCode: power.power === 'failed' ? orNull(errorCodeSchema, power.error.code) : null,
    },
    disk: disk && { sizeBytes: disk.sizeBytes, standsOnImage: disk.base !== null },
    hasFloppy,
    disc: sources.disc && discFacts(sources.disc),
    boot,
  } satisfies Omit<MachineReport, 'boot'> & { boot: BootRecord });
}

/** As a file: JSON that can be read. */
export function reportText(report: MachineReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

export function reportFileName({ day }: MachineReport): string {
  return `vitrine-report-${day}.json`;
}

function discFacts(disc: DiscReport): NonNullable<MachineReport['disc']> {
  const { windows } = disc;
  return {
    label: orNull(labelSchema, disc.label),
    sizeBytes: disc.sizeBytes,
    bootable: disc.bootable,
    fileSystems: disc.fileSystems,
    verdict: disc.verdict,
    reasons: disc.reasons.map(({ code }) => orNull(reasonSchema, code)).filter((code) => code !== null),
    published: disc.publishedAs !== null,
    windows: windows && {
      name: orOther(nameSchema, windows.name),
      build: orNull(buildSchema, windows.build),
      servicePack: Math.min(9, Math.max(0, Math.trunc(windows.servicePack) || 0)),
      architecture: windows.architecture,
      languages: listed(languageSchema, windows.languages),
      editions: listed(
        editionSchema,
        windows.editions.map(({ editionId }) => editionId),
      ),
      answerEdition: windows.answerEdition === null ? null : orOther(editionSchema, windows.answerEdition),
      channel: windows.channel === null ? null : orOther(channelSchema, windows.channel),
    },
  };
}

type Words = v.GenericSchema<string>;

function orNull<S extends Words>(schema: S, value: string): v.InferOutput<S> | null {
  const read = v.safeParse(schema, value);
  return read.success ? read.output : null;
}

function orOther<S extends Words>(schema: S, value: string): v.InferOutput<S> | typeof OTHER {
  return orNull(schema, value) ?? OTHER;
}

/** Each word once. */
function listed<S extends Words>(schema: S, values: readonly string[]): (v.InferOutput<S> | typeof OTHER)[] {
  return [...new Set(values.map((value) => orOther(schema, value)))];
}
