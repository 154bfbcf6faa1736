import { askPnpm } from './shipped.ts'

const format = ['--sbom-format', 'cyclonedx', '--sbom-spec-version', '1.6', '--sbom-type', 'application']

/** The bill of materials of what is shipped: CycloneDX 1.6 in JSON, with the licence and the digest of each package. */
export function renderSbom(): string {
  return askPnpm('shipped', ['sbom', ...format])
}
