import { randomBytes } from 'node:crypto'
import { readEvidenceSigner, replaceSigningKey } from '@clarity/shared/evidence/signing-key'
import { systemClock } from '@clarity/shared/runtime/clock'
import { type Config, loadConfig } from '@clarity/shared/runtime/config'
import { exitWithStartError } from '@clarity/shared/runtime/lifecycle'
import { createLog } from '@clarity/shared/runtime/log'
import { Secret } from '@clarity/shared/runtime/secret'
import { masterKeyVariables, redisVariables } from '@clarity/shared/runtime/variables'
import { checkDeployment } from '@clarity/shared/store/deployment'
import { createDeploymentSecrets } from '@clarity/shared/store/deployment-secrets'
import { createKeys, type Keys } from '@clarity/shared/store/keys'
import { createRedis } from '@clarity/shared/store/redis'
import { type RotationMode, RotationTally, rotateMasterKey } from '@clarity/shared/store/rotate-master-key'
import { createVault, masterKeyId, type Vault } from '@clarity/shared/store/vault'

/**
 * The operator's command while the master key is changed (docs/security.md): brings all secrets under the new one.
 *
 *   npm run rotate-master-key                          seals anew; exit code 0 when the other keys can be taken away
 *   npm run rotate-master-key -- --check               only counts; 1 when something is still under another key
 *   npm run rotate-master-key -- --new-signing-key     a new key for evidence, and nothing else
 *   npm run rotate-master-key -- --forget-unknown 12   forgets the 12 secrets that no key opens, for theirs is lost
 */
const variables = { ...redisVariables, ...masterKeyVariables }

const usage = 'Usage: npm run rotate-master-key -- [--check | --new-signing-key | --forget-unknown <how many>]'
const progressEveryMs = 5_000
const shownMax = 20

interface Context {
  readonly config: Config<typeof variables>
  readonly redis: ReturnType<typeof createRedis>
  readonly keys: Keys
  readonly vault: Vault
}

/** Whether all is well. */
async function main(args: readonly string[]): Promise<boolean> {
  const wanted = parse(args)
  if (wanted === null) {
    process.stderr.write(`${usage}\n`)
    return false
  }
  const config = loadConfig(variables, process.env)
  const log = createLog({ service: 'rotate-master-key', version: '0.1.0', level: 'fatal' })
  await using opened = new AsyncDisposableStack()
  const redis = createRedis(config.REDIS_URL, { whenAway: 'fail', log })
  opened.defer(() => redis.disconnect())
  const keys = createKeys({ prefix: config.REDIS_KEY_PREFIX, shards: config.SHARDS })
  await checkDeployment(redis, keys)
  const context = { config, redis, keys, vault: createVault(config.MASTER_KEY, config.MASTER_KEYS_PREVIOUS) }
  if (wanted.type === 'new-signing-key') return await renewSigningKey(context)
  const others = config.MASTER_KEYS_PREVIOUS.map(masterKeyId)
  say(`The master key ${masterKeyId(config.MASTER_KEY)} seals; ${others.join(', ') || 'no other'} opens as well.`)
  if (wanted.type === 'forget') return await forget(context, wanted.count)
  return await (wanted.type === 'check' ? check(context) : rotate(context))
}

type Wanted =
  | { readonly type: 'rotate' | 'check' | 'new-signing-key' }
  | { readonly type: 'forget'; readonly count: number }

function parse(args: readonly string[]): Wanted | null {
  const [first, count = '', ...more] = args
  if (first === '--forget-unknown' && /^[1-9]\d*$/.test(count) && more.length === 0) {
    return { type: 'forget', count: Number(count) }
  }
  if (args.length > 1) return null
  if (first === '--check') return { type: 'check' }
  if (first === '--new-signing-key') return { type: 'new-signing-key' }
  return first === undefined ? { type: 'rotate' } : null
}

async function check(context: Context): Promise<boolean> {
  const tally = await turn(context, 'check')
  say(
    `Under it: ${tally.count('present')}. Under another key that was given: ${tally.count('former')}. ` +
      `Under none that was given: ${tally.count('unknown')}.`,
  )
  sayUnknown(tally)
  return tally.count('former') === 0 && tally.count('unknown') === 0
}

/** Nothing can be said of the other keys before a second turn has found nothing. */
async function rotate(context: Context): Promise<boolean> {
  const done = await turn(context, 'seal')
  say(
    `Sealed anew: ${done.count('resealed')}. Already under it: ${done.count('present')}. Failed: ${done.count('unknown')}.`,
  )
  sayUnknown(done)
  if (done.count('unknown') > 0) return false
  say('Looking once more, for what was written meanwhile.')
  const left = await turn(context, 'check')
  if (left.count('former') > 0 || left.count('unknown') > 0) {
    say(
      `${left.count('former') + left.count('unknown')} are under another key again: a service still seals with it. ` +
        'Give every service the new MASTER_KEY, then run this again.',
    )
    return false
  }
  say(
    `All ${left.count('present')} secrets are under it, and the other keys can be taken away, as docs/security.md says:`,
  )
  say(
    'unset MASTER_KEYS_PREVIOUS in every service. Keep them in a safe as long as you keep backups of Redis from before.',
  )
  return true
}

/** With a wrong key all secrets are unknown, so whoever wishes this says how many there are. */
async function forget(context: Context, count: number): Promise<boolean> {
  const { unknown } = await turn(context, 'check')
  if (unknown.length !== count) {
    say(`No key that was given opens ${unknown.length} secrets, not ${count}. Nothing is forgotten.`)
    return false
  }
  const tally = await turn(context, 'forget')
  say(`Forgotten: ${tally.count('forgotten')}. Under the master key: ${tally.count('present')}.`)
  say('Now give each connection that waits for them its credentials again: PUT /v1/connections/{id}/credentials.')
  return true
}

async function turn({ redis, keys, vault }: Context, mode: RotationMode): Promise<RotationTally> {
  const tally = new RotationTally()
  const total = await redis.dbsize()
  let toldAtMs = systemClock.now()
  for await (const step of rotateMasterKey(redis, keys, vault, mode)) {
    tally.add(step)
    if (step.type !== 'scanned' || systemClock.now() - toldAtMs < progressEveryMs) continue
    toldAtMs = systemClock.now()
    const under = tally.count('present') + tally.count('resealed')
    say(`  about ${Math.min(step.keys, total)} of ${total} keys looked at: ${tally.total} secrets, ${under} under it`)
  }
  return tally
}

async function renewSigningKey({ config, redis, keys, vault }: Context): Promise<boolean> {
  const secrets = createDeploymentSecrets(redis, keys, vault)
  const read = () => readEvidenceSigner(secrets, config.MASTER_KEY, config.MASTER_KEYS_PREVIOUS)
  const before = await read()
  await replaceSigningKey(secrets, new Secret(randomBytes(32).toString('base64')))
  const { keyId } = await read()
  say(`Evidence will be signed with ${keyId} instead of ${before.keyId}, once every service was started anew:`)
  say('connector-api first, so that it tells the new public key; it tells the former ones behind it.')
  return true
}

function sayUnknown({ unknown }: RotationTally): void {
  for (const { key, field } of unknown.slice(0, shownMax)) say(`  no key that was given opens ${field} of ${key}`)
  if (unknown.length > shownMax) say(`  ... and ${unknown.length - shownMax} more`)
  if (unknown.length > 0) {
    say('Add the key that they were sealed under to MASTER_KEYS_PREVIOUS. If it is lost, see docs/security.md.')
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

try {
  if (!(await main(process.argv.slice(2)))) process.exitCode = 1
} catch (error) {
  exitWithStartError(error)
}
