import type { Answer } from '../../api/client.ts'
import type { AccessSearch } from './access-search.ts'
import { daysBefore } from './local-moment.ts'

export type Counts = Answer<'getCounts'>

/** A question that is asked often, and the address that answers it. */
export interface Question {
  readonly title: string
  readonly text: string
  readonly search: AccessSearch
  /** How many the answer has, where that is counted. */
  readonly count?: keyof Counts
}

export interface QuestionGroup {
  readonly title: string
  readonly questions: readonly Question[]
}

const inactiveDays = 90
const compareDays = 7
const dayMs = 86_400_000

/** The ready questions, as of a time where days are counted back. */
export function questionsAt(nowMs: number): readonly QuestionGroup[] {
  return [
    {
      title: 'People',
      questions: [
        {
          title: 'All accounts',
          text: 'Everybody in the workspace, or who holds something there.',
          search: { page: 'people' },
          count: 'serviceUsers',
        },
        {
          title: 'Not there for 90 days',
          text: 'Accounts that Bitbucket has not seen since, as far as it tells.',
          search: { page: 'people', notSeenSince: daysBefore(nowMs, inactiveDays) },
        },
        {
          title: 'Inactive accounts',
          text: 'Switched off at Atlassian, and still here.',
          search: { page: 'people', status: 'inactive' },
        },
        {
          title: 'Closed accounts',
          text: 'Their owners have closed them; they linger in what they were given.',
          search: { page: 'people', status: 'closed' },
        },
        {
          title: 'People outside the workspace',
          text: 'No members, but they hold something.',
          search: { page: 'people', membership: 'outside' },
          count: 'outside',
        },
        {
          title: 'Without a confirmed e-mail address',
          text: 'Accounts that could not be matched with anybody by an address.',
          search: { page: 'people', matched: false },
        },
      ],
    },
    {
      title: 'What is held',
      questions: [
        {
          title: 'Privileged access',
          text: 'Everybody who administers something, directly or by a group.',
          search: { page: 'people', privileged: true },
        },
        {
          title: 'Privileged grants',
          text: 'What people administer by being named there.',
          search: { page: 'grants', privileged: true },
          count: 'privilegedGrants',
        },
        {
          title: 'Groups with admin',
          text: 'Whoever joins one of these administers something.',
          search: { page: 'nestings', privileged: true },
        },
        {
          title: 'Direct grants that bypass groups',
          text: 'Given to a person on a repository, with no other way there.',
          search: { page: 'grants', resourceKind: 'repository', otherPath: false },
        },
        {
          title: 'More than one way',
          text: 'Given to a person who comes there by another way as well.',
          search: { page: 'grants', otherPath: true },
        },
        {
          title: 'Open to anyone',
          text: 'Repositories that can be read without any grant.',
          search: { page: 'repositories', private: false },
        },
      ],
    },
    {
      title: 'Over time',
      questions: [
        {
          title: 'Access as of a date',
          text: 'Every list, page and way as it was known then. Choose the date above; this begins with yesterday.',
          search: { page: 'people', asOf: new Date(nowMs - dayMs).toISOString() },
        },
        {
          title: 'Past grants',
          text: 'What is no longer held, with the dates of grant and removal, the last first.',
          search: { page: 'grants', ended: 'only' },
        },
        {
          title: 'What groups no longer hold',
          text: 'With the dates, the last first.',
          search: { page: 'nestings', ended: 'only' },
        },
        {
          title: 'What changed between two dates',
          text: 'What came, what went, and what is held at another level; the last seven days to begin with.',
          search: { page: 'changes', from: new Date(nowMs - compareDays * dayMs).toISOString() },
        },
      ],
    },
  ]
}
