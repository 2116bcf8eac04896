import type { Broker } from '../contracts/broker.ts'

/** What is wrong with a value, with where it stands; undefined when nothing is. */
type Shape = (value: unknown, at: string) => string | undefined

const is =
  (what: string, test: (value: unknown) => boolean): Shape =>
  (value, at) =>
    test(value) ? undefined : `${at} is not ${what}`

const text = is('a text', (value) => typeof value === 'string' && value.trim() !== '')
const number = is('a number', (value) => typeof value === 'number')
const flag = is('true or false', (value) => typeof value === 'boolean')
const method = is('a function', (value) => typeof value === 'function')
const pattern = is('a pattern', (value) => value instanceof RegExp)
const oneOf = (...texts: string[]) =>
  is(`one of: ${texts.join(', ')}`, (value) => texts.includes(value as string))

const maybe =
  (shape: Shape): Shape =>
  (value, at) =>
    value === undefined ? undefined : shape(value, at)

const listOf =
  (shape: Shape): Shape =>
  (value, at) =>
    Array.isArray(value)
      ? first(value.map((part, index) => shape(part, `${at}[${index}]`)))
      : `${at} is not a list`

const recordOf =
  (shape: Shape): Shape =>
  (value, at) =>
    isObject(value)
      ? first(Object.entries(value).map(([name, part]) => shape(part, `${at}.${name}`)))
      : `${at} is not an object`

/** Nothing more than these parts: a misspelt one would be left out in silence. */
const objectOf =
  (parts: Readonly<Record<string, Shape>>): Shape =>
  (value, at) => {
    if (!isObject(value)) return `${at} is not an object`
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(parts, name))
    if (unknown !== undefined) return `${at}.${unknown.slice(0, 40)} is not known`
    return first(Object.entries(parts).map(([name, shape]) => shape(value[name], `${at}.${name}`)))
  }

const callLimit = is(
  'two whole numbers above zero',
  (value) =>
    Array.isArray(value) && value.length === 2 && value.every((n) => Number.isSafeInteger(n) && n > 0),
)
const field = objectOf({ label: text, secret: flag, pattern, help: text, optional: maybe(flag) })
const prompt = objectOf({
  name: text,
  label: text,
  kind: oneOf('pin', 'password', 'totp', 'otp', 'text'),
  storedIn: maybe(text),
})
const step = objectOf({ name: text, asks: maybe(listOf(prompt)), request: method, read: method })

const logins: Readonly<Record<string, Shape>> = {
  redirect: objectOf({
    kind: text,
    prelude: maybe(listOf(step)),
    loginUrl: method,
    state: oneOf('echoed', 'none'),
    callbackMethod: oneOf('GET', 'POST'),
    grantTtlMs: number,
    bringsTokens: maybe(flag),
    readCallback: method,
    steps: listOf(step),
  }),
  direct: objectOf({ kind: text, steps: listOf(step) }),
  approval: objectOf({
    kind: text,
    request: step,
    approvalTtlMs: number,
    readNotification: maybe(method),
    poll: maybe(step),
  }),
  pasted: objectOf({ kind: text, asks: listOf(prompt), read: method }),
}
const login: Shape = (value, at) => {
  const kind = isObject(value) ? String(value.kind) : ''
  return (Object.hasOwn(logins, kind) ? logins[kind]! : oneOf(...Object.keys(logins)))(value, at)
}

const rules: Readonly<Record<string, Shape>> = {
  daily_at: objectOf({ kind: text, time: text }),
  after: objectOf({ kind: text, ms: number }),
  jwt_exp: objectOf({ kind: text, token: text }),
  as_granted: objectOf({ kind: text }),
  earliest: objectOf({ kind: text, of: (value, at) => listOf(rule)(value, at) }),
}
function rule(value: unknown, at: string): string | undefined {
  const kind = isObject(value) ? String(value.kind) : ''
  return (Object.hasOwn(rules, kind) ? rules[kind]! : oneOf(...Object.keys(rules)))(value, at)
}

const read = objectOf({ request: method, read: method })
const snippet = objectOf({ install: text, imports: text, use: text })

const manifest = {
  id: text,
  name: text,
  verifiedOn: text,
  console: objectOf({ url: text, registerHint: text }),
  hosts: recordOf(text),
  sandboxHosts: maybe(recordOf(text)),
  sandboxApp: maybe(recordOf(text)),
  app: recordOf(field),
  account: recordOf(field),
  userId: field,
  userIdField: maybe(text),
  sessionUrls: maybe(pattern),
  logins: listOf(login),
  tokens: recordOf(objectOf({ canOrder: flag, pattern, expiry: maybe(rule), internal: maybe(flag) })),
  handsOut: oneOf('token', 'headers', 'proxy only'),
  expiry: rule,
  looks: maybe(listOf(text)),
  flushedBy: maybe(text),
  liveSessions: oneOf('one per app', 'one per user', 'many'),
  addressCheck: maybe(oneOf('orders', 'session')),
  probe: objectOf({ request: method, read: method }),
  renewal: maybe(objectOf({ needs: text, isForeseen: maybe(flag), request: method, read: method })),
  logout: maybe(objectOf({ request: method, ends: maybe(oneOf('token', 'user')) })),
  portfolio: maybe(objectOf({ holdings: read, positions: read, funds: read, orders: read })),
  sign: method,
  classify: method,
  orders: listOf(text),
  limits: objectOf({
    probesPerMinute: number,
    ordersPerSecond: number,
    callsPerSecond: number,
    calls: maybe(
      objectOf({
        order: maybe(listOf(callLimit)),
        quote: maybe(listOf(callLimit)),
        historical: maybe(listOf(callLimit)),
        read: maybe(listOf(callLimit)),
      }),
    ),
  }),
  links: maybe(
    listOf(objectOf({ kind: oneOf('login', 'console', 'docs', 'forum', 'status'), label: text, url: text })),
  ),
  snippets: maybe(objectOf({ python: maybe(snippet), node: maybe(snippet) })),
  environment: maybe(objectOf({ prefixes: listOf(text), names: recordOf(listOf(text)) })),
  recognises: maybe(
    listOf(
      objectOf({
        name: text,
        keys: listOf(text),
        without: maybe(listOf(text)),
        values: maybe(recordOf(listOf(text))),
        fields: recordOf(text),
      }),
    ),
  ),
  openQuestions: maybe(
    listOf(objectOf({ id: text, asks: text, host: text, path: text, token: maybe(text) })),
  ),
  errorReply: maybe(method),
} satisfies Record<keyof Broker, Shape>

/** Where a value departs from the shape of a {@link Broker}; undefined when it does not. */
export function shapeFault(value: unknown): string | undefined {
  return objectOf(manifest)(value, 'broker')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function first(faults: readonly (string | undefined)[]): string | undefined {
  return faults.find((fault) => fault !== undefined)
}
