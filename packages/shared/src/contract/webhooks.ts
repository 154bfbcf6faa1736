import { z } from 'zod'
import { Instant } from './entities.ts'

/** Where Bitbucket delivers hints for a connection, as an administrator enters it there. */
export const Webhook = z.object({
  url: z.string().describe('Where Bitbucket delivers; a path alone where PUBLIC_URL is not set'),
  events: z.array(z.string()).describe('To be chosen for it; no other says anything about access'),
  createdAt: Instant.describe('When its present secret was made'),
})
export type Webhook = z.infer<typeof Webhook>

/** The only answer in which the secret stands. */
export const CreatedWebhook = Webhook.extend({
  secret: z.string().describe('With which Bitbucket signs its deliveries; shown this once'),
})
export type CreatedWebhook = z.infer<typeof CreatedWebhook>
