import type { BrokerView } from '../../contracts/api.ts'
import type { Broker } from '../../contracts/broker.ts'
import { asksOf } from '../login/methods.ts'
import { accountFieldsOf, type FieldSpecs } from './fields.ts'

/** A broker as people and forms need it: what to register there, and what to fill in here. */
export function brokerView(broker: Broker, redirectUrl: string): BrokerView {
  return {
    id: broker.id,
    name: broker.name,
    console: { ...broker.console },
    userIdLabel: broker.userId.label,
    app: fieldViews(broker.app),
    account: fieldViews(accountFieldsOf(broker)),
    logins: broker.logins.map((method) => ({ kind: method.kind, asks: [...asksOf(method)] })),
    redirectUrl,
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
