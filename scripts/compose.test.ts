import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { variableFaults } from './deployed-variables.ts'
import { services } from './services.ts'

const text = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8')

const Service = z.looseObject({
  image: z.string().optional(),
  build: z.object({ target: z.string(), args: z.object({ SERVICE: z.string() }) }).optional(),
  restart: z.literal('unless-stopped'),
  logging: z.object({
    driver: z.literal('json-file'),
    options: z.object({ 'max-size': z.string(), 'max-file': z.string() }),
  }),
  mem_limit: z.string(),
  cpus: z.number(),
  healthcheck: z.object({ test: z.array(z.string()).min(2) }),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  profiles: z.array(z.string()).optional(),
})
const Compose = z.looseObject({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.null()) })
const compose = Compose.parse(parse(text, { merge: true }))
const all = Object.entries(compose.services).map(([name, service]) => ({ name, service }))

/** What Compose puts in where nobody has set anything. */
const withDefaults = (value: string | number) => String(value).replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1')

test('without a profile there are Redis, Kafka and the services, and nothing else', () => {
  const always = all.filter(({ service }) => service.profiles === undefined).map(({ name }) => name)
  expect(always.toSorted()).toEqual(['kafka', 'redis', ...services.map(({ name }) => name)].toSorted())
})

test.each(all)('$name is of a version that is said, and is reached from this machine alone', ({ service }) => {
  expect(service.image ?? service.build?.args.SERVICE).toMatch(/:v?\d|^(services|packages)\//)
  for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:/)
})

test.each(services)('$name has every variable that it needs, and only such as it reads', ({ name }) => {
  const { environment = {} } = compose.services[name] ?? {}
  const given = Object.entries(environment).map(([variable, value]) => [variable, withDefaults(value)] as const)
  expect(variableFaults(name, Object.fromEntries(given))).toEqual([])
})

test.each(services)('$name writes nothing but to /tmp, and has no capability', ({ name }) => {
  expect(compose.services[name]).toMatchObject({ read_only: true, tmpfs: ['/tmp'], cap_drop: ['ALL'] })
})

test('each volume that is named is declared, and each that is declared is used', () => {
  const used = all.flatMap(({ service }) => service.volumes.map((volume) => volume.split(':')[0] ?? ''))
  const named = used.filter((volume) => /^[a-z]+$/.test(volume))
  expect(named.toSorted()).toEqual(Object.keys(compose.volumes).toSorted())
})

test('what is said at its head of the default secrets is so', () => {
  const secrets = ['MASTER_KEY', 'API_KEYS', 'OPERATOR_KEYS', 'POSTGRES_PASSWORD']
  const head = text.slice(0, text.indexOf('x-logging'))
  for (const name of secrets) {
    expect(head).toContain(name)
    expect(text).toContain(`\${${name}:-`)
  }
})
