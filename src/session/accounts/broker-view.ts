import type { BrokerView } from '../../contracts/api.ts'
import type { Broker } from '../../contracts/broker.ts'
import { headerFormatOf, probePathOf } from '../../contracts/broker-facts.ts'
import { asksOf } from '../login/methods.ts'
import { renews } from './app.ts'
import { type FieldSpecs, keptFields } from './fields.ts'

/**
 * A broker as people and forms need it: what to register there, what to fill in here, how programs use it.
 *
 * @param hasPorch whether what the broker posts arrives somewhere
 */
export function brokerView(broker: Broker, redirectUrl: string, hasPorch = true): BrokerView {
  const { id, name, console, userId, userIdField, app, account, logins, links = [], snippets = {} } = broker
  const { sandboxHosts, sandboxApp } = broker
  return {
    id,
    name,
    console: { ...console },
    userId: { label: userId.label, help: userId.help, field: userIdField ?? null },
    app: fieldViews(app),
    account: fieldViews(account),
    kept: fieldViews(Object.fromEntries(Object.entries(keptFields).filter(([field]) => !(field in account)))),
    logins: logins
      .filter((method) => hasPorch || method.kind !== 'approval' || method.poll)
      .map((method) => ({ kind: method.kind, asks: [...asksOf(method)] })),
    redirectUrl,
    renews: renews(broker),
    sandbox: sandboxHosts ? { hosts: { ...sandboxHosts }, apiKey: sandboxApp?.apiKey ?? null } : null,
    links: links.map((link) => ({ ...link })),
    snippets: structuredClone(snippets),
    headerFormat: orNull(() => headerFormatOf(broker)),
    probePath: orNull(() => probePathOf(broker)),
  }
}

/** Read from the adapter’s own functions; one that cannot work with names for values has nothing to show. */
function orNull(read: () => string | undefined): string | null {
  try {
    return read() || null
  } catch {
    return null
  }
}

function fieldViews(specs: FieldSpecs): BrokerView['app'] {
  return Object.entries(specs).map(([name, { label, secret, help, optional = false }]) => ({
    name,
    label,
    secret,
    help,
    optional,
  }))
}
