import type { Broker, FieldSpec, SignContext } from './broker.ts'

/** How an authenticated request looks, with names in place of values; undefined where no header is ever handed out. */
export function headerFormatOf(broker: Broker): string | undefined {
  if (broker.handsOut === 'proxy only') return undefined
  const [host = ''] = Object.keys(broker.hosts)
  const { headers = {} } = broker.sign({ method: 'GET', host, path: '/' }, namesOf(broker))
  return Object.entries(headers)
    .map(
      ([name, value]) => `${name.replaceAll(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase())}: ${value}`,
    )
    .join('\n')
}

/** The path of the cheapest authenticated call. */
export function probePathOf(broker: Broker): string {
  return broker.probe.request(namesOf(broker)).path
}

/** A session whose values are their own names. */
function namesOf(broker: Broker): SignContext {
  const named = (specs: Readonly<Record<string, FieldSpec>>) =>
    Object.fromEntries(Object.entries(specs).map(([name, { label }]) => [name, `<${label.toLowerCase()}>`]))
  return {
    app: named(broker.app),
    account: named(broker.account),
    tokens: Object.fromEntries(Object.keys(broker.tokens).map((kind) => [kind, `<${kind} token>`])),
    userId: `<${broker.userId.label.toLowerCase()}>`,
    now: Temporal.Instant.fromEpochMilliseconds(0),
  }
}
