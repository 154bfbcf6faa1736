import { ConnectionId } from '@clarity/shared/contract/ids'
import { SettingsChange } from '@clarity/shared/contract/settings'
import { SettingEffect, SettingsView } from '@clarity/shared/contract/settings-view'
import { InputError } from '@clarity/shared/runtime/errors'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { RunnableSchedule } from '../connections/runnable-schedule.ts'
import type { SettingsService } from '../connections/settings-service.ts'
import { requestedBy } from '../plugins/auth.ts'
import { operation } from '../plugins/openapi.ts'

const params = z.object({ id: ConnectionId })
const body = SettingsChange.extend({ schedule: RunnableSchedule.optional() })
const config = { scope: 'connections:write' } as const
const effects = z.array(SettingEffect).describe('What the change does to what is published already')
const changeText =
  'Only what is given is changed. `If-Match` has the `ETag` of the settings that the change was decided by: when somebody ' +
  'else was faster, it is refused.'

export function settingsRoutes(service: SettingsService): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/connections/:id/settings',
      {
        config: { scope: 'connections:read' },
        schema: {
          ...operation('settings', 'getSettings', 'How it is set up; what is fixed, and why'),
          params,
          response: { 200: SettingsView },
        },
      },
      async ({ tenantId, params: { id } }, reply) => {
        const { settings, version } = await service.read(tenantId, id)
        reply.header('etag', `"${version}"`)
        return settings
      },
    )

    app.patch(
      '/v1/connections/:id',
      {
        config,
        schema: {
          ...operation('settings', 'changeSettings', 'Change how it is set up', changeText),
          params,
          headers: z.object({ 'if-match': z.string().optional().describe('The ETag of the settings; `*`: whichever') }),
          body,
          response: { 200: z.object({ settings: SettingsView, effects }) },
        },
      },
      async (request, reply) => {
        const {
          tenantId,
          params: { id },
        } = request
        const version = versionOf(request.headers['if-match'])
        const present = version ?? (await service.read(tenantId, id)).version
        const changed = await service.change(requestedBy(request), tenantId, id, request.body, present)
        reply.header('etag', `"${changed.version}"`)
        return { settings: changed.settings, effects: changed.effects }
      },
    )

    app.post(
      '/v1/connections/:id/settings/preview',
      {
        config: { scope: 'connections:read' },
        schema: {
          ...operation('settings', 'previewSettings', 'What a change of the settings would do; nothing is changed'),
          params,
          body,
          response: { 200: z.object({ effects }) },
        },
      },
      async ({ tenantId, params: { id }, body: change }) => ({ effects: await service.foresee(tenantId, id, change) }),
    )
  }
}

/** The version that the caller has seen; null for whichever. @throws InputError 428 without the header */
function versionOf(ifMatch: string | undefined): string | null {
  if (ifMatch === undefined) {
    const remedy = 'Read the settings, and send the ETag of that answer as If-Match.'
    throw new InputError('settings-version-missing', 'The header If-Match is missing', {
      remedy,
      mistakes: [{ field: 'header.if-match', message: 'is missing', remedy }],
    })
  }
  return ifMatch.trim() === '*' ? null : ifMatch.trim().replace(/^W\//, '').replaceAll('"', '')
}
