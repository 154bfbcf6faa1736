import { en, Faker } from '@faker-js/faker'
import { seedOf } from './names.ts'

const areas = [
  'Accounts',
  'Analytics',
  'Billing',
  'Catalog',
  'Checkout',
  'Compliance',
  'Customer',
  'Data',
  'Delivery',
  'Finance',
  'Fraud',
  'Identity',
  'Inventory',
  'Ledger',
  'Logistics',
  'Marketing',
  'Media',
  'Mobile',
  'Notification',
  'Observability',
  'Orders',
  'Partner',
  'Payments',
  'Platform',
  'Pricing',
  'Reporting',
  'Risk',
  'Sales',
  'Search',
  'Security',
  'Shipping',
  'Support',
  'Tax',
  'Web',
]
const components = [
  'api',
  'app',
  'batch',
  'cli',
  'client',
  'config',
  'console',
  'deploy',
  'docs',
  'etl',
  'events',
  'frontend',
  'gateway',
  'infra',
  'jobs',
  'lib',
  'monitor',
  'operator',
  'proxy',
  'schema',
  'sdk',
  'service',
  'sync',
  'tests',
  'tools',
  'worker',
]
const bodies = ['Core', 'Engineering', 'Foundation', 'Labs', 'Platform', 'Products', 'Services', 'Systems']
const teams = ['Architects', 'Contractors', 'Developers', 'Engineers', 'Leads', 'On Call', 'QA', 'Release', 'Reviewers']
export const languages = ['typescript', 'java', 'python', 'go', 'kotlin', 'hcl', 'shell', '']

/** The names a software company gives to things, the same ones for the same seed. */
export interface Vocabulary {
  readonly faker: Faker
  company(): string
  person(): { displayName: string; nickname: string }
  group(): string
  project(): string
  repository(): string
}

/** A generator of its own: no other one moves it on, so equal seeds give equal names. */
export function createVocabulary(...seed: readonly (string | number)[]): Vocabulary {
  const faker = new Faker({ locale: en })
  faker.seed(seedOf(...seed))
  const one = (words: readonly string[]) => faker.helpers.arrayElement(words)
  return {
    faker,
    company: () => `${faker.person.lastName()} ${one(bodies)}`,
    person: () => {
      const [first, last] = [faker.person.firstName(), faker.person.lastName()]
      return {
        displayName: `${first} ${last}`,
        nickname: faker.datatype.boolean() ? `${first} ${last}` : first.toLowerCase(),
      }
    },
    group: () => `${one(areas)} ${one(teams)}`,
    project: () => `${one(areas)} ${one(bodies)}`,
    repository: () => {
      const stem = `${one(areas).toLowerCase()}-${one(components)}`
      return faker.datatype.boolean(0.4) ? `${stem}-${faker.word.noun()}` : stem
    },
  }
}
