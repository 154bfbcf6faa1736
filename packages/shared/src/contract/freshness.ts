import { z } from 'zod'

/** What incremental syncs read, each at a pace of its own; the first four are the lists. */
export const tiers = [
  'members',
  'groups',
  'projects',
  'repositories',
  'project-permissions',
  'effective-permissions',
  'repository-permissions',
] as const
export const Tier = z.enum(tiers)
export type Tier = z.infer<typeof Tier>

export const TierCadence = z.object({
  tier: Tier,
  everySeconds: z.int().positive().describe('Each of its scopes is read once in this time'),
  requests: z.int().positive().describe('That reading all of it once takes'),
  requestsPerHour: z.number().describe('That it costs at this cadence'),
  expectedMedianSeconds: z.number().describe('From a change in Bitbucket to its event: half of them within this time'),
  expectedP95Seconds: z.number().describe('19 of 20 of them within this time'),
})
export type TierCadence = z.infer<typeof TierCadence>

/** How a change to what is held on a repository is noticed before its turn comes. */
export const ChangeDetector = z.object({
  kind: z.enum(['effective-permissions', 'none']),
  reason: z
    .enum(['fresher', 'dearer-than-explicit', 'no-gain', 'rows-unknown', 'no-repositories'])
    .describe(
      'fresher: a pass of the list is cheap enough to find changes sooner; dearer-than-explicit: it takes as many requests ' +
        'as reading the repositories themselves, or more; no-gain: what it costs buys less than it gives; rows-unknown: ' +
        'how long the list is has not been seen yet',
    ),
})
export type ChangeDetector = z.infer<typeof ChangeDetector>

/** How often incremental syncs read what, given the size of a workspace and its budget, and what freshness follows. */
export const Cadences = z.object({
  requestsPerHour: z.object({
    total: z.number().describe('Of all credentials together'),
    interactive: z.number().describe('Kept back for people who wait for an answer'),
    secondReads: z
      .number()
      .describe('Kept back for looking again before a removal is believed, and where a hint says so'),
    planned: z.number().describe('What the tiers take; at most the rest'),
  }),
  runEverySeconds: z.int().positive().describe('An incremental sync starts this often'),
  requestsPerRun: z
    .int()
    .positive()
    .describe('That one incremental sync may make, second reads included, so that the hour is used evenly'),
  stretch: z
    .number()
    .min(1)
    .describe('1: the budget suffices for the targets; 2: every target is allowed twice its time, and so on'),
  detector: ChangeDetector,
  tiers: z.array(TierCadence),
})
export type Cadences = z.infer<typeof Cadences>

/** What is read and committed as one, by kind: the four lists, and the permissions of one project or one repository. */
export const scopeKinds = ['members', 'groups', 'projects', 'repositories', 'project', 'repository'] as const
export const ScopeAgeKind = z.enum(scopeKinds)
export type ScopeAgeKind = z.infer<typeof ScopeAgeKind>

/** The bounds of a histogram of ages; what is older than the last one is counted as well. */
export const ageBoundsSeconds = [900, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 86_400, 172_800] as const

/** How many scopes have an age between two bounds. */
export const AgeCount = z.object({
  underSeconds: z.int().nullable().describe('Younger than this, and not counted before; null: all that are older'),
  count: z.int(),
})
export type AgeCount = z.infer<typeof AgeCount>

export const ScopeAges = z.object({
  count: z.int().describe('Scopes of this kind'),
  neverRead: z.int().describe('Of them, those that have not been read yet; they have no age'),
  medianSeconds: z.number().nullable().describe('Age of the facts; null when no scope of this kind has been read'),
  p95Seconds: z.number().nullable(),
  oldestSeconds: z.number().nullable(),
  ages: z
    .array(AgeCount)
    .describe('How many are how old, each counted once: 15 and 30 minutes, 1, 2, 4, 8, 12, 24 and 48 hours, and older'),
})
export type ScopeAges = z.infer<typeof ScopeAges>

/** How long ago the facts of each kind of scope were read. */
export const Freshness = z.object({
  members: ScopeAges,
  groups: ScopeAges,
  projects: ScopeAges,
  repositories: ScopeAges,
  project: ScopeAges,
  repository: ScopeAges,
})
export type Freshness = z.infer<typeof Freshness>

/** What the API tells of it. */
export const FreshnessView = z.object({
  freshness: Freshness,
  cadences: Cadences.nullable().describe('null until a sync has told how large the workspace is'),
})
export type FreshnessView = z.infer<typeof FreshnessView>
