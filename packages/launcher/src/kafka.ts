import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureCommand, runQuietly } from './commands.ts'
import { LaunchError } from './errors.ts'
import { ensureJars } from './jars.ts'
import { askPort, freePorts } from './ports.ts'
import { type RunningProcess, startProcess } from './processes.ts'

/** The Kafka that is installed and started; `kafka.sha256` pins its jars. */
export const kafkaVersion = '4.4.0'

const javaVersionMin = 17
const pom = fileURLToPath(new URL('../kafka/pom.xml', import.meta.url))
const checksums = fileURLToPath(new URL('../kafka/kafka.sha256', import.meta.url))

// C1 alone and the serial collector: for a broker that lives for minutes, starting fast is worth more than throughput.
const jvmOptions = ['-Xms256m', '-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
const logOptions = Object.entries({
  defaultLogLevel: 'warn',
  showDateTime: 'true',
  dateTimeFormat: "yyyy-MM-dd'T'HH:mm:ss.SSSZ",
}).map(([key, value]) => `-Dorg.slf4j.simpleLogger.${key}=${value}`)

/** Where Kafka is installed, and the Java that runs it. */
export interface InstalledKafka {
  readonly java: string
  readonly jarsDir: string
}

/** A Kafka broker of our own; `restart()` keeps port and data. */
export interface RunningKafka {
  readonly process: RunningProcess
  readonly port: number
  readonly brokers: string[]
}

/** Listeners with TLS beside the plain one, which stays for the broker itself and for whoever asks whether it is ready. */
export interface SecuredListeners {
  /** The port of each. */
  readonly ports: Readonly<Partial<Record<'SSL' | 'SASL_SSL', number>>>
  /** Properties of the broker: certificates, mechanisms, users of PLAIN. */
  readonly properties: Readonly<Record<string, string>>
  /** Users as the storage tool makes them: `SCRAM-SHA-512=[name=...,password=...]`. */
  readonly scramUsers?: readonly string[]
}

/**
 * Makes sure of Java and of Kafka's jars, by Maven into the cache folder, each checked against its pinned checksum, also
 * when they were there. Throws a `LaunchError` that says what is missing, or which jar is not the pinned one.
 */
export async function ensureKafka(): Promise<InstalledKafka> {
  const java = await ensureJava()
  const jarsDir = await ensureJars({ name: 'kafka', version: kafkaVersion, pom, checksums })
  return { java, jarsDir }
}

/**
 * Starts one broker that is its own controller, at 127.0.0.1, with data, configuration and `kafka.log` in `dir`. It
 * resolves when the broker takes part in its cluster. The same `dir` and `port` bring back the same broker.
 */
export async function startKafka(options: {
  dir: string
  port?: number
  secured?: SecuredListeners
}): Promise<RunningKafka> {
  const { dir, secured } = options
  const installed = await ensureKafka()
  const [port, controllerPort] = options.port ? [options.port, ...(await freePorts(1))] : await freePorts(2)
  if (port === undefined || controllerPort === undefined) throw new RangeError('freePorts gave too few')
  const properties = singleBrokerConfig({ dataDir: join(dir, 'data'), port, controllerPort })
  const { scramUsers = [] } = secured ?? {}
  const wanted = { name: 'kafka', dir, port, scramUsers }
  const process = await startBroker(installed, {
    ...wanted,
    properties: secured ? withSecured(properties, secured) : properties,
  })
  return { process, port, brokers: [`127.0.0.1:${port}`] }
}

/** A broker that is to be started in its own folder, with data, configuration and log. */
export interface WantedBroker {
  readonly name: string
  readonly dir: string
  readonly port: number
  readonly properties: Readonly<Record<string, string | number>>
  readonly scramUsers?: readonly string[]
}

/** Starts a broker, formatted first where it is new; resolves when it takes part in its cluster. */
export async function startBroker(
  { java, jarsDir }: InstalledKafka,
  { name, dir, port, properties, scramUsers = [] }: WantedBroker,
): Promise<RunningProcess> {
  await mkdir(dir, { recursive: true })
  const config = join(dir, 'server.properties')
  await writeFile(config, toProperties(properties))
  const classpath = ['-cp', join(jarsDir, '*')]
  if (!existsSync(join(dir, 'data', 'meta.properties'))) {
    const users = scramUsers.flatMap((user) => ['--add-scram', user])
    const format = ['format', '--cluster-id', clusterId, '--config', config, ...users]
    await runQuietly(java, [...jvmOptions, ...classpath, 'kafka.tools.StorageTool', ...format])
  }
  return startProcess({
    name,
    command: java,
    args: [...jvmOptions, ...logOptions, ...classpath, 'kafka.Kafka', config],
    cwd: dir,
    logFile: join(dir, 'kafka.log'),
    readyWhen: () => knowsABroker(port),
    readyTimeoutMs: 120_000,
  })
}

/** Sixteen bytes in base64url, as Kafka wants them. One broker alone is in it, so it need not differ from others. */
export const clusterId = '5L6g3nShT-eMCtK--X86sw'

/** Properties of a broker that is its own controller and the only copy of everything. */
export function singleBrokerConfig(at: {
  dataDir: string
  port: number
  controllerPort: number
}): Record<string, string | number> {
  return {
    'node.id': 1,
    'process.roles': 'broker,controller',
    listeners: `PLAINTEXT://127.0.0.1:${at.port},CONTROLLER://127.0.0.1:${at.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${at.port}`,
    'controller.quorum.voters': `1@127.0.0.1:${at.controllerPort}`,
    'log.dirs': at.dataDir,
    ...singleCopyConfig,
  }
}

function withSecured(
  properties: Record<string, string | number>,
  { ports, properties: more }: SecuredListeners,
): Record<string, string | number> {
  const listeners = Object.entries(ports).map(([protocol, port]) => `${protocol}://127.0.0.1:${port}`)
  const protocols = Object.keys(ports).map((protocol) => `${protocol}:${protocol}`)
  const lengthen = (name: string, by: string[]) => ({ [name]: [properties[name], ...by].join(',') })
  return {
    ...properties,
    ...more,
    ...lengthen('listeners', listeners),
    ...lengthen('advertised.listeners', listeners),
    ...lengthen('listener.security.protocol.map', protocols),
  }
}

/** Properties of a lone broker that do not depend on where it runs. */
export const singleCopyConfig = brokerConfig({ copies: 1, copiesMin: 1 })

/** Properties of a broker of a cluster that keeps so many copies of everything, and takes nothing that is on fewer than the least. */
export function brokerConfig({ copies, copiesMin }: { readonly copies: number; readonly copiesMin: number }) {
  return {
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': copiesMin,
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': copiesMin,
    // A broker that was killed may come back only when its session has run out: after 9 s by default.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    'group.initial.rebalance.delay.ms': 0,
    'auto.create.topics.enable': 'false',
  }
}

function toProperties(config: Record<string, string | number>): string {
  return Object.entries(config)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

/** A Java that is new enough for Kafka. Throws a `LaunchError` that says how to get one. */
export async function ensureJava(): Promise<string> {
  const packages = ['openjdk-17-jre-headless']
  const java = await ensureCommand({ command: 'java', packages })
  const said = await runQuietly(java, ['-version'])
  const version = Number(/version "(\d+)/.exec(said)?.[1])
  if (version >= javaVersionMin) return java
  throw new LaunchError(`Kafka needs Java ${javaVersionMin} or newer; ${java} says:\n${said.trim()}`, {
    remedy: `Install ${packages.join(' ')}, or put a newer java first on the PATH.`,
  })
}

// A Metadata request, version 1, for no topic: length, API key 3, version, correlation id, no client id, no topics.
const metadataRequest = Buffer.from('0000000e0003000100000000ffff00000000', 'hex')

/** Whether the broker answers, and is no longer fenced off from its own cluster: only then it lists itself. */
async function knowsABroker(port: number): Promise<boolean> {
  const reply = await askPort({ port }, metadataRequest)
  // Length and correlation id, then how many brokers there are.
  return reply !== undefined && reply.length >= 12 && reply.readInt32BE(8) > 0
}
