/** What the thread of the embedded PostgreSQL is asked. */
export interface ThreadQuery {
  readonly id: number
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** How it has answered; `opened` comes once, before all others. */
export type ThreadAnswer =
  | { readonly kind: 'opened' }
  | { readonly kind: 'not-opened'; readonly failure: ThreadFailure }
  | { readonly kind: 'rows'; readonly id: number; readonly rows: unknown[]; readonly affectedRows: number | undefined }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: ThreadFailure }

/** An error as it can be sent: what PostgreSQL says of it beside the message, such as its `code`, are its fields. */
export interface ThreadFailure {
  readonly message: string
  readonly fields: Readonly<Record<string, string>>
}
