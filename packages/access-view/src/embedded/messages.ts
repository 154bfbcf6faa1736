/** What the process of the embedded PostgreSQL is asked. */
export interface Query {
  readonly id: number
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** How it has answered; `opened` or `not-opened` comes once, before all others. */
export type Answer =
  | { readonly kind: 'opened' }
  | { readonly kind: 'not-opened'; readonly failure: Failure }
  | { readonly kind: 'rows'; readonly id: number; readonly rows: unknown[]; readonly affectedRows: number | undefined }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure }

/** An error as it can be sent: what PostgreSQL says of it beside the message, such as its `code`, are its fields. */
export interface Failure {
  readonly message: string
  readonly fields: Readonly<Record<string, string>>
}
