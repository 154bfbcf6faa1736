import { part as accessView } from './access-view/main.ts'
import { part as api } from './api/main.ts'
import type { Part } from './figures/part.ts'
import { part as freshness } from './freshness/figures.ts'
import { part as latency } from './latency.ts'
import { part as publisher } from './publisher/main.ts'
import { part as commit } from './worker/commit.ts'
import { part as fairness } from './worker/fairness.ts'
import { part as sizes } from './worker/sizes.ts'
import { part as tenants } from './worker/tenants-per-core.ts'

/** Each gives its figures by one run; together they give all. */
export const parts: readonly Part[] = [freshness, commit, latency, publisher, api, tenants, accessView, sizes, fairness]

/** Those that give a figure whose name begins so. */
export function chooseParts(prefix: string): Part[] {
  return parts.filter(({ figures }) => figures.some((name) => name.startsWith(prefix)))
}
