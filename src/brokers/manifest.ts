import type { Broker, ExpiryRule, FieldSpec, Prompt } from '../contracts/broker.ts'
import { isBaseUrl, placeholdersIn } from '../contracts/broker-hosts.ts'
import { shapeFault } from './manifest-shape.ts'

/** One statement about every manifest, whatever the broker. */
export interface ManifestRule {
  readonly name: string
  /** What to do where it is not true. */
  readonly hint: string
  /** What is wrong, as a sentence without its full stop; undefined when nothing is. */
  fault(broker: Broker): string | undefined
}

/** What every manifest must keep. The first rule is about the shape; the others may count on it. */
export const manifestRules: readonly ManifestRule[] = [
  {
    name: 'has the shape of the contract',
    hint: 'Write it as one defineBroker({…}) of bhor/broker and let the compiler check it.',
    fault: shapeFault,
  },
  {
    name: 'is named so that the id fits a folder, a URL and a command line',
    hint: 'An id is 2 to 20 of a-z and 0-9, perhaps with single hyphens, beginning with a letter.',
    fault: ({ id }) =>
      /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id) && id.length >= 2 && id.length <= 20
        ? undefined
        : `The id “${id.slice(0, 40)}” is none`,
  },
  {
    name: 'says when its facts were compared',
    hint: 'Write verifiedOn as YYYY-MM-DD.',
    fault: ({ verifiedOn }) => (isDate(verifiedOn) ? undefined : 'verifiedOn is not a day'),
  },
  {
    name: 'talks to https hosts only',
    hint: 'Write hosts as https://host or https://host/path; {name} may stand for a public field of the account.',
    fault: hostFault,
  },
  {
    name: 'has a sandbox that is not the broker itself',
    hint: 'Let sandboxHosts lead elsewhere than hosts, and sandboxApp name fields of app with values that fit.',
    fault: sandboxFault,
  },
  {
    name: 'links to https pages only',
    hint: 'Write links and console.url with https://.',
    fault: ({ console: { url }, links = [] }) =>
      firstOf([url, ...links.map((link) => link.url)], (text) =>
        URL.canParse(text) && new URL(text).protocol === 'https:'
          ? undefined
          : `${text.slice(0, 80)} is not https`,
      ),
  },
  {
    name: 'anchors every pattern',
    hint: 'Write ^…$ around the whole of a pattern, alternatives in a group, without the flags g, m, y.',
    fault: (broker) =>
      firstOf(
        [
          ...Object.entries(fieldsOf(broker)),
          ...Object.entries(broker.tokens),
          ...(broker.sessionUrls ? [['sessionUrls', { pattern: broker.sessionUrls }] as const] : []),
        ],
        ([name, { pattern }]) => {
          const isWhole = /^\^.*\$$/s.test(pattern.source) && !hasOpenAlternative(pattern.source)
          return isWhole && !/[gmy]/.test(pattern.flags) ? undefined : `The pattern of ${name} is open`
        },
      ),
  },
  {
    name: 'lets no token through that could break out of a header',
    hint: 'Let a token’s pattern take visible ASCII only, and no empty text.',
    fault: ({ tokens }) =>
      firstOf(Object.entries(tokens), ([kind, { pattern }]) =>
        evilTexts.some((evil) => pattern.test(evil))
          ? `The token ${kind} could break out of a header`
          : undefined,
      ),
  },
  {
    name: 'treats as secret what is one',
    hint: 'Set secret: true; the field is then sealed and never shown.',
    fault: (broker) =>
      firstOf(Object.entries(fieldsOf(broker)), ([name, { secret }]) =>
        /secret|password|pin$|totp|token/i.test(name) && !secret
          ? `The field ${name} is not secret`
          : undefined,
      ),
  },
  {
    name: 'has an API key that is public',
    hint: 'Name the app’s public id apiKey: accounts are told apart by it.',
    fault: ({ app }) => (app.apiKey && !app.apiKey.secret ? undefined : 'There is no public field apiKey'),
  },
  {
    name: 'has apps that can be told apart',
    hint: 'apiKey may be optional only where an app has no other fields; the accounts then share an empty one.',
    fault: ({ app }) =>
      app.apiKey?.optional && Object.keys(app).length > 1
        ? 'apiKey is optional, and an app has more fields'
        : undefined,
  },
  {
    name: 'names the person of an account by a field that it has',
    hint: 'Let userIdField name a public field of account that is not optional.',
    fault: ({ account, userIdField: name }) => {
      if (name === undefined) return undefined
      const spec = Object.hasOwn(account, name) ? account[name] : undefined
      return spec && !spec.secret && !spec.optional
        ? undefined
        : `userIdField names ${name}, which is no public field that every account has`
    },
  },
  {
    name: 'can log in',
    hint: 'Describe at least one login.',
    fault: ({ logins }) => (logins.length > 0 ? undefined : 'There is no login'),
  },
  {
    name: 'keeps an answer only in a sealed field that the account has',
    hint: 'Let storedIn name a secret field of account.',
    fault: ({ logins, account }) =>
      firstOf(promptsOf(logins), ({ name, storedIn }) =>
        storedIn === undefined || (Object.hasOwn(account, storedIn) && account[storedIn]!.secret)
          ? undefined
          : `The answer ${name} is stored in ${storedIn}, which is no secret field of the account`,
      ),
  },
  {
    name: 'has an access token that can order, and none that is kept inside can',
    hint: 'tokens.access is what programs get: canOrder: true, not internal.',
    fault: ({ tokens }) => {
      if (!tokens.access?.canOrder || tokens.access.internal) return 'There is no access token that can order'
      return Object.values(tokens).some((spec) => spec.internal && spec.canOrder)
        ? 'A token that is kept inside can order'
        : undefined
    },
  },
  {
    name: 'ends its sessions by a rule that holds together',
    hint: 'Times are HH:MM, lengths are above zero, tokens are those of the manifest, a renewal needs an internal one.',
    fault: (broker) =>
      firstOf(
        [broker.expiry, ...Object.values(broker.tokens).flatMap(({ expiry }) => expiry ?? [])],
        (rule) => ruleFault(broker, rule),
      ) ??
      (broker.renewal && !broker.tokens[broker.renewal.needs]?.internal
        ? 'The renewal needs a token that is not internal'
        : undefined),
  },
  {
    name: 'names its order routes by method and plain path, each once',
    hint: 'Write POST /orders/*; * is one segment of a path.',
    fault: ({ orders }) => {
      if (orders.length === 0 || new Set(orders).size < orders.length)
        return 'The order routes are none, or one is twice'
      return firstOf(orders, (route) =>
        /^(GET|POST|PUT|DELETE) (\/(\*|[A-Za-z0-9._-]+))+$/.test(route) ? undefined : `${route} is no route`,
      )
    },
  },
  {
    name: 'states limits that a scheduler can use',
    hint: 'Give each limit as a number above zero.',
    fault: ({ limits: { calls: _calls, ...limits } }) =>
      firstOf(Object.entries(limits), ([name, limit]) =>
        limit > 0 && Number.isFinite(limit) ? undefined : `limits.${name} is no limit`,
      ),
  },
  {
    name: 'asks its open questions by plain reads',
    hint: 'Give each an id of its own, a host and token of the manifest, and a path without a query.',
    fault: ({ hosts, tokens, openQuestions = [] }) =>
      new Set(openQuestions.map(({ id }) => id)).size < openQuestions.length
        ? 'Two open questions have the same id'
        : firstOf(openQuestions, ({ id, host, path, token = 'access' }) => {
            const isPlain = /^[a-z0-9-]{1,40}$/.test(id) && /^(?:\/[A-Za-z0-9._-]+)+$/.test(path)
            const isKnown = Object.hasOwn(hosts, host) && (token === 'none' || Object.hasOwn(tokens, token))
            return isPlain && isKnown ? undefined : `The open question ${id.slice(0, 40)} is no plain read`
          }),
  },
  {
    name: 'names the variables and files of others by fields that it has',
    hint: 'Use the names of the manifest’s fields, accessToken, refreshToken, redirectUrl or userId; variables begin with a prefix.',
    fault: outsideNamesFault,
  },
]

const evilTexts = ['', ' ', 'a b', 'abcdefgh\n', 'abcdefgh\r\nx: y', 'abc\u0000defgh', 'abcdéfgh', '<html>']

/** The first thing that is wrong with a value that should be a manifest, and what to do about it. */
export function manifestFault(value: unknown): { readonly fault: string; readonly hint: string } | undefined {
  for (const { fault, hint } of manifestRules) {
    const found = fault(value as Broker)
    if (found !== undefined) return { fault: found, hint }
  }
  return undefined
}

function fieldsOf({ app, account, userId }: Broker): Readonly<Record<string, FieldSpec>> {
  return { ...app, ...account, userId }
}

function hostFault(broker: Broker): string | undefined {
  if (Object.keys(broker.hosts).length === 0) return 'There is no host'
  const both = [...Object.entries(broker.hosts), ...Object.entries(broker.sandboxHosts ?? {})]
  const isComplete =
    broker.sandboxHosts === undefined ||
    both.every(([role]) => role in (broker.sandboxHosts ?? {}) && role in broker.hosts)
  if (!isComplete) return 'hosts and sandboxHosts have not the same roles'
  return firstOf(both, ([role, template]) => {
    if (role === 'session') return 'The role session belongs to the base URL of a session'
    const names = placeholdersIn(template)
    const filled = template.replaceAll(/\{[^}]*\}/g, 'x1')
    const house = filled === template ? '' : template.split('/')[2]!.split('.').slice(-2).join('.')
    if (!isBaseUrl(filled) || /[{}]/.test(house)) return `hosts.${role} is not the https address of one house`
    return firstOf(names, (name) =>
      Object.hasOwn(broker.account, name) && !broker.account[name]!.secret && !broker.account[name]!.optional
        ? undefined
        : `hosts.${role} is filled from ${name}, which is no public field that every account has`,
    )
  })
}

function sandboxFault({ app, hosts, sandboxHosts, sandboxApp = {} }: Broker): string | undefined {
  const live = new Set(Object.values(hosts).flatMap((url) => URL.parse(url)?.host ?? []))
  const shared = Object.entries(sandboxHosts ?? {}).find(([, url]) => live.has(URL.parse(url)?.host ?? ''))
  if (shared) return `sandboxHosts.${shared[0]} is a host of live accounts`
  if (Object.keys(sandboxApp).length > 0 && !sandboxHosts)
    return 'There is an app for the sandbox, and no sandbox'
  return firstOf(Object.entries(sandboxApp), ([name, value]) =>
    Object.hasOwn(app, name) && app[name]!.pattern.test(value)
      ? undefined
      : `sandboxApp.${name} is no field of an app, or does not fit it`,
  )
}

function promptsOf(logins: Broker['logins']): readonly Prompt[] {
  return logins.flatMap((login) => {
    if (login.kind === 'pasted') return login.asks
    const steps =
      login.kind === 'approval'
        ? [login.request, ...(login.poll ? [login.poll] : [])]
        : [...(login.kind === 'redirect' ? (login.prelude ?? []) : []), ...login.steps]
    return steps.flatMap((step) => step.asks ?? [])
  })
}

/** `^a|b$` begins and ends like an anchored pattern and is none. */
function hasOpenAlternative(source: string): boolean {
  let depth = 0
  for (const [char] of source.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/g, '').matchAll(/[()|]/g)) {
    if (char === '|' && depth === 0) return true
    depth += char === '(' ? 1 : char === ')' ? -1 : 0
  }
  return false
}

function ruleFault(broker: Broker, rule: ExpiryRule): string | undefined {
  switch (rule.kind) {
    case 'daily_at':
      return /^([01]\d|2[0-3]):[0-5]\d$/.test(rule.time) ? undefined : `${rule.time} is no time of day`
    case 'after':
      return rule.ms > 0 && Number.isSafeInteger(rule.ms) ? undefined : `${rule.ms} is no length of time`
    case 'jwt_exp':
      return Object.hasOwn(broker.tokens, rule.token) ? undefined : `There is no token ${rule.token}`
    case 'as_granted':
      return undefined
    case 'earliest':
      return rule.of.length > 0 ? firstOf(rule.of, (part) => ruleFault(broker, part)) : 'A rule of no rules'
  }
}

function outsideNamesFault(broker: Broker): string | undefined {
  const known = [...Object.keys(fieldsOf(broker)), 'accessToken', 'refreshToken', 'redirectUrl']
  const { environment, recognises = [] } = broker
  const unknown = [environment?.names ?? {}, ...recognises.map(({ fields }) => fields)]
    .flatMap((names) => Object.keys(names))
    .find((name) => !known.includes(name))
  if (unknown !== undefined) return `There is no field ${unknown}`
  for (const variable of Object.values(environment?.names ?? {}).flat()) {
    const hasPrefix = environment?.prefixes.some((prefix) => variable.startsWith(prefix))
    if (!hasPrefix || !/^[A-Z][A-Z0-9_]*$/.test(variable))
      return `The variable ${variable} has no prefix of its own`
  }
  return firstOf(recognises, ({ name, keys, values = {} }) =>
    keys.length > 0 && Object.keys(values).every((key) => keys.includes(key))
      ? undefined
      : `“${name}” is recognised by no key, or by the value of a key that may be missing`,
  )
}

function isDate(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text).toString() === text
  } catch {
    // not a day
    return false
  }
}

function firstOf<Item>(
  items: readonly Item[],
  fault: (item: Item) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = fault(item)
    if (found !== undefined) return found
  }
  return undefined
}
