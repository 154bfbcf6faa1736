/** An answer in JSON; `body` is null when there is none. */
export interface JsonAnswer {
  readonly status: number
  readonly body: unknown
}

/** Calls `url` with a JSON body, if one is given, and reads the JSON answer whatever its status. */
export async function callJson(
  url: string,
  options: {
    readonly method?: string
    readonly body?: unknown
    readonly bearer?: string
    readonly headers?: Readonly<Record<string, string>>
  } = {},
): Promise<JsonAnswer> {
  const { method = options.body === undefined ? 'GET' : 'POST', body, bearer } = options
  const response = await fetch(url, {
    method,
    headers: {
      ...options.headers,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text) }
}

/** Whether `url` answers 200; false also when nobody listens. */
export function answersOk(url: string): Promise<boolean> {
  return fetch(url).then(
    async (response) => {
      await response.body?.cancel()
      return response.status === 200
    },
    () => false,
  )
}
