/**
 * Bitbucket before and after the changes of spring 2026. `2026` is today's API. `legacy` has the lists across
 * workspaces, a consumer that acts as the workspace's own account, tokens that name their scopes twice, and uuids
 * wherever slugs are wanted, so that clients of that time run unchanged.
 */
export const eras = ['2026', 'legacy'] as const
export type Era = (typeof eras)[number]

/** How long a token lives: an hour as Atlassian's documentation has it; two were seen in answers of old. */
export const tokenLifeSeconds: Readonly<Record<Era, number>> = { 2026: 3600, legacy: 7200 }
