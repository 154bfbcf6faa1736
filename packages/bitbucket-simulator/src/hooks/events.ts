/** What a workspace's webhook may subscribe to. None of them tells of a permission, a group or a membership. */
const labels = {
  'repo:push': 'Push',
  'repo:fork': 'Fork',
  'repo:created': 'Created',
  'repo:deleted': 'Deleted',
  'repo:imported': 'Import',
  'repo:transfer': 'Transfer accepted',
  'repo:updated': 'Updated',
  'repo:commit_comment_created': 'Commit comment created',
  'repo:commit_status_created': 'Build status created',
  'repo:commit_status_updated': 'Build status updated',
  'project:updated': 'Updated',
  'pipeline:span_created': 'Span created',
  'issue:created': 'Created',
  'issue:updated': 'Updated',
  'issue:comment_created': 'Comment created',
  'pullrequest:created': 'Created',
  'pullrequest:updated': 'Updated',
  'pullrequest:push': 'Push',
  'pullrequest:approved': 'Approved',
  'pullrequest:unapproved': 'Approval removed',
  'pullrequest:changes_request_created': 'Changes request created',
  'pullrequest:changes_request_removed': 'Changes request removed',
  'pullrequest:fulfilled': 'Merged',
  'pullrequest:rejected': 'Declined',
  'pullrequest:comment_created': 'Comment created',
  'pullrequest:comment_updated': 'Comment updated',
  'pullrequest:comment_deleted': 'Comment deleted',
  'pullrequest:comment_reopened': 'Comment reopened',
  'pullrequest:comment_resolved': 'Comment resolved',
} as const

export type EventKey = keyof typeof labels

const categories: Readonly<Record<string, string>> = {
  repo: 'Repository',
  project: 'Project',
  pipeline: 'Pipeline',
  issue: 'Issue',
  pullrequest: 'Pull Request',
}

/** Each event with its name for people, as `GET /2.0/hook_events/{subject_type}` lists them. */
export const hookEvents = Object.entries(labels).map(([event, label]) => {
  const category = categories[event.split(':')[0] ?? ''] ?? ''
  return { event, category, label, description: `${category}: ${label.toLowerCase()}` }
})

/** The scope that an event needs besides `webhook`: that of what it is about. */
export function scopeOf(event: string): string {
  const [subject = ''] = event.split(':')
  return { repo: 'repository', project: 'project' }[subject] ?? subject
}
