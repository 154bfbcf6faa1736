import { countOf } from '../../ui/time.tsx'
import type { Preflight } from './preflight.ts'

interface List {
  /** What its endpoint ends in. */
  readonly form: RegExp
  readonly label: string
  readonly counted?: { readonly by: keyof Preflight['counts']; readonly one: string; readonly many: string }
}

/** The lists that a full sync reads. */
const lists: readonly List[] = [
  { form: /projects\/\{\w+\}\/permissions-config\/users$/, label: 'Permissions of people on projects' },
  { form: /projects\/\{\w+\}\/permissions-config\/groups$/, label: 'Permissions of groups on projects' },
  { form: /repositories\/.*permissions-config\/users$/, label: 'Permissions of people on repositories' },
  { form: /repositories\/.*permissions-config\/groups$/, label: 'Permissions of groups on repositories' },
  {
    form: /\{workspace\}\/permissions$/,
    label: 'People and their roles',
    counted: { by: 'members', one: 'person', many: 'people' },
  },
  {
    form: /\{workspace\}\/projects$/,
    label: 'Projects',
    counted: { by: 'projects', one: 'project', many: 'projects' },
  },
  {
    form: /repositories\/\{workspace\}$/,
    label: 'Repositories',
    counted: { by: 'repositories', one: 'repository', many: 'repositories' },
  },
  {
    form: /groups\/\{\w+\}$/,
    label: 'Groups and who is in them',
    counted: { by: 'groups', one: 'group', many: 'groups' },
  },
]

/** What an endpoint of Bitbucket lists, for people. */
export function listLabel(endpoint: string): string {
  return lists.find(({ form }) => form.test(endpoint))?.label ?? endpoint
}

/** What is said of a list that can be read. */
export function readText(endpoint: string, { counts }: Pick<Preflight, 'counts'>): string {
  const counted = lists.find(({ form }) => form.test(endpoint))?.counted
  const count = counted === undefined ? null : counts[counted.by]
  return counted === undefined || count === null ? 'Can be read.' : `${countOf(count, counted.one, counted.many)}.`
}
