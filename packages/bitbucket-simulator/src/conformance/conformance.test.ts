import { notRun } from '@clarity/testkit/not-run'
import { expect, test } from 'vitest'
import { walkEverything } from '../testing/walk.ts'

const openApiPath = process.env.BITBUCKET_OPENAPI

test('every endpoint answers as Atlassian describes it, but for what is known of reality', async (context) => {
  if (!openApiPath) return notRun(context, "Atlassian's OpenAPI file is not here: set BITBUCKET_OPENAPI to its path")
  const report = await walkEverything(openApiPath)
  expect(report?.unknown).toEqual([])
  expect(report?.unused).toEqual([])
  expect(report?.checked).toBeGreaterThan(500)
  expect(report?.endpoints.length).toBeGreaterThan(25)
}, 60_000)
