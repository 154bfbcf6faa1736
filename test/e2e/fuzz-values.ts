/**
 * What people, and those who wish ill, have put into fields before. Each field gets all that found something once, and its share of
 * the rest, which the fields of an operation divide among them: all of it everywhere would take minutes.
 */

export interface NastyValues {
  readonly always: readonly string[]
  readonly shared: readonly string[]
  /** Into how many shares. */
  readonly shares: number
}

/** The values for one field; which share it is depends on its name alone. */
export function valuesFor({ always, shared, shares }: NastyValues, field: string): string[] {
  const turn = [...field].reduce((sum, character) => sum + character.charCodeAt(0), 0)
  return [...always, ...shared.filter((_, index) => index % shares === turn % shares)]
}

const long = 'x'.repeat(10_000)

export const nastyTexts: NastyValues = {
  always: [
    '',
    ' ',
    '-1',
    '1.5',
    '9007199254740993',
    long,
    'a\0b',
    '\ud800',
    "' or '1'='1",
    '0000-01-01T00:00:00Z',
    '__proto__',
  ],
  shares: 7,
  shared: [
    ...['\t', 'null', 'undefined', 'NaN', 'true', '0', '1e309', '0x1f'],
    // Other scripts, marks of direction, control characters, characters of four bytes, halves of them.
    ...['Привет мир', '日本語テスト', 'مرحبا', '\u202e\u2066evil\u2069', 'Z\u0351\u036b\u0343a\u0328lgo', 'ﬁ ſ İ ı'],
    ...['\ufeffbom', '\u0001\u001f\u007f\u0085\u2028', '😀👩‍👩‍👧‍👦', 'a\udc00', '%00', '%ED%A0%80'],
    // SQL, LIKE, Lua and Redis.
    ...["'; drop table grants; --", '"; select pg_sleep(10); --', '\\', "\\'", '%', '_%_', '{s1}', '*', '$1::bigint'],
    ...["redis.call('flushall')", 'FLUSHALL\r\nPING', '*1\r\n$8\r\nFLUSHALL\r\n', '$' + '{1+1}'],
    // HTML, templates, look-ups, shells, paths, headers, BBQL, tables.
    ...['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '{{7*7}}', '$' + '{jndi:ldap://127.0.0.1/a}'],
    ...['`id`', '$(id)', '../../../../etc/passwd', '..\\..\\windows', 'file:///etc/passwd', 'a/b', 'a?b#c'],
    ...['con_1\r\nx-injected: 1', '" OR uuid != "', 'nickname ~ "a") OR (1=1', "=cmd|' /C calc'!A0", '@SUM(1+1)'],
    // What closes early, what is no time, and ids that are nearly some.
    ...['constructor', '"}', '"]}', '9999-12-31T23:59:59Z', '2026-02-30T00:00:00Z', '2026-01-01T00:00:00+99:99'],
    ...['-271821-04-20T00:00:00Z', '0000-01-01', '2026-13-45', 'con_', 'syn_\n', 'user:', 'repository:#', '|', '#'],
    ...['group:#member', 'user:|workspace#', 'project:a#b#c'],
  ],
}

const deep = (count: number, open: string, close: string) => `${open.repeat(count)}1${close.repeat(count)}`

/** As JSON, for fields of bodies: of every kind, and larger, smaller and deeper than anybody means. */
export const nastyJson: NastyValues = {
  always: ['null', 'true', '0', '-1', '1.5', '1e400', '[]', '{}', `"${long}"`, '"\\u0000"', '{"a":"\\ud800"}'],
  shares: 5,
  shared: [
    ...[
      'false',
      '-0',
      '1e308',
      '-1e400',
      '9007199254740993',
      '0.1e-400',
      '[null]',
      '[[]]',
      '[{}]',
      '{"":""}',
      '["a","a"]',
    ],
    ...['{"length":1}', '{"then":1,"toJSON":1}', '{"__proto__":{"isAdmin":true}}', '{"kind":"oauth-consumer"}'],
    ...['{"constructor":{"prototype":{"isAdmin":true}}}', '{"mode":"cron","pattern":"99 99 * * *"}'],
    ...['{"mode":"cron","pattern":"* * * * *","timeZone":"Mars/Olympus"}', '{"mode":"cron","pattern":"0 0 31 2 *"}'],
    ...['{"mode":"interval","minutes":1e9}', `[${Array(500).fill('"x"').join()}]`, deep(5_000, '[', ']')],
    ...[deep(2_000, '{"a":', '}'), deep(9, '[', ']')],
  ],
}

/** Whole bodies that are none. */
export const nastyBodies: readonly string[] = [
  ...[
    '',
    ' ',
    '{',
    '}',
    '[',
    '"',
    '{"a":}',
    '{"a":1,}',
    "{'a':1}",
    '{"a":1}}',
    '{"a":1}{"b":2}',
    'null',
    '[]',
    '""',
    '1',
  ],
  ...[
    'true',
    'NaN',
    'undefined',
    '\ufeff{}',
    '\0',
    '{"a":1\0}',
    '<a/>',
    'a=1&b=2',
    '{"__proto__":1}',
    '\ud800',
    '1e999999',
  ],
  ...['['.repeat(30_000), deep(30_000, '[', ']'), `{"a":"${'x'.repeat(70_000)}"}`],
]

/** Parts of a path as they stand in it, encoded in ways that are wrong. */
export const nastyEncodings: NastyValues = {
  always: ['%', '%00', '', '..'],
  shares: 4,
  shared: [
    ...[
      '%z',
      '%zz',
      '%2',
      '%c0%af',
      '%ff',
      '%ED%A0%80',
      '%25%30%30',
      '%2e%2e%2f',
      '%2F',
      '%5c',
      '.',
      '%u0041',
      '+',
      '~',
    ],
    ...['a%0d%0ax-injected:%201', ';a=1', '%F0%9F%98%80', long],
  ],
}

/** Values of headers as far as a client can send them. */
export const nastyHeaders: NastyValues = {
  always: ['', '*', 'a, b', long],
  shares: 4,
  shared: [
    ...[
      ' ',
      'null',
      '"',
      '""',
      'W/"x"',
      '\t',
      '\xff\xfe',
      '-1',
      '1e400',
      "' or '1'='1",
      '$' + '{jndi:ldap://a}',
      '<script>',
    ],
    ...['../../etc/passwd', '__proto__', 'x'.repeat(300)],
  ],
}
