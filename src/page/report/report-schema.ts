import * as v from 'valibot';
import { ERROR_WORDS, type ErrorCode } from '../../lib/error-words.ts';
import { BootRecordSchema } from '../../machine/milestones/record-schema.ts';
import { DISC_REASONS, type DiscReasonCode } from '../../media/disc-reasons.ts';
import { parseWindows7Label } from '../../media/windows7-label.ts';
import { BROWSERS, SYSTEMS } from './browser-facts.ts';

/** Editions of Windows 7, as a WIM's EDITIONID names them. */
const EDITIONS = ['Starter', 'HomeBasic', 'HomePremium', 'Professional', 'Enterprise', 'Ultimate'].flatMap(
  (edition) => [edition, `${edition}N`, `${edition}E`],
);
/** Languages of Windows 7's discs. */
const LANGUAGES =
  'ar-SA bg-BG cs-CZ da-DK de-DE el-GR en-GB en-US es-ES et-EE fi-FI fr-FR he-IL hr-HR hu-HU it-IT ja-JP ko-KR lt-LT lv-LV nb-NO nl-NL pl-PL pt-BR pt-PT ro-RO ru-RU sk-SK sl-SI sr-Latn-CS sr-Latn-RS sv-SE th-TH tr-TR uk-UA zh-CN zh-HK zh-TW'.split(
    ' ',
  );

export const OTHER = 'other';

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const sum = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const shortSum = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
const version = v.pipe(v.string(), v.regex(/^\d{1,5}(\.\d{1,5}){0,3}$/));
/** A version of npm, with the commit that upstream puts behind its own. */
const engineVersion = v.pipe(v.string(), v.regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}(\+g[0-9a-f]{7,40})?$/));
const reason = v.picklist(Object.keys(DISC_REASONS) as DiscReasonCode[]);

/** Each a word of a list of ours, of a published grammar, or absent: what a remade disc says of itself is anybody's text. */
export const labelSchema = v.pipe(
  v.string(),
  v.check((label) => label === label.toUpperCase() && parseWindows7Label(label) !== null),
);
export const editionSchema = v.picklist([...EDITIONS, OTHER]);
export const languageSchema = v.picklist([...LANGUAGES, OTHER]);
export const buildSchema = version;
export const nameSchema = v.picklist(['Windows 7', 'Windows Vista', OTHER]);
export const channelSchema = v.picklist(['Retail', 'OEM', 'Volume', OTHER]);
export const errorCodeSchema = v.picklist(Object.keys(ERROR_WORDS) as ErrorCode[]);
export const reasonSchema = reason;

const disc = v.strictObject({
  /** Null where it is not one of Microsoft's for Windows 7. */
  label: v.nullable(labelSchema),
  sizeBytes: count,
  bootable: v.boolean(),
  fileSystems: v.array(v.picklist(['iso9660', 'joliet', 'rock-ridge', 'udf'])),
  verdict: v.picklist(['runs', 'may-run', 'cannot-run', 'not-a-disc']),
  reasons: v.array(reason),
  /** A disc of this label and size was published by Microsoft. */
  published: v.boolean(),
  windows: v.nullable(
    v.strictObject({
      name: nameSchema,
      build: v.nullable(version),
      servicePack: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(9)),
      architecture: v.picklist(['x86', 'x64', 'ia64', 'arm64']),
      languages: v.array(languageSchema),
      editions: v.array(editionSchema),
      answerEdition: v.nullable(editionSchema),
      channel: v.nullable(channelSchema),
    }),
  ),
});

/**
 * The whole of what a report may hold. Nothing is in it by being left over: an object with a field more, or a text that
 * is not of a list or a grammar here, is no report.
 */
export const ReportSchema = v.strictObject({
  format: v.literal('vitrine-report-1'),
  /** UTC. */
  day: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/)),
  product: v.strictObject({ version, source: shortSum }),
  engine: v.strictObject({
    version: engineVersion,
    sha256: sum,
    biosSha256: sum,
    vgaBiosSha256: sum,
    repairs: count,
    repairsSum: shortSum,
  }),
  browser: v.strictObject({
    engine: v.picklist(BROWSERS),
    version: v.nullable(count),
    system: v.picklist(SYSTEMS),
    cores: v.nullable(count),
    memoryGiB: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1024))),
    secure: v.boolean(),
  }),
  machine: v.strictObject({
    memoryMiB: count,
    videoMemoryMiB: count,
    acpi: v.boolean(),
    apic: v.boolean(),
    bootOrder: v.picklist(['disc-first', 'disk-first', 'floppy-first']),
    clock: v.picklist(['local', 'utc']),
    power: v.picklist(['off', 'starting', 'running', 'paused', 'failed']),
    /** Why it failed. */
    errorCode: v.nullable(errorCodeSchema),
  }),
  disk: v.nullable(v.strictObject({ sizeBytes: count, standsOnImage: v.boolean() })),
  hasFloppy: v.boolean(),
  disc: v.nullable(disc),
  boot: BootRecordSchema,
});

export type MachineReport = v.InferOutput<typeof ReportSchema>;
