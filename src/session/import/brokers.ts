import type { Broker } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { plainName } from './found.ts'

/** The broker that a file means: by its id, its name, or the beginning of its variables. @throws BhorError `broker_not_found` */
export function brokerNamed(brokers: readonly Broker[], name: string): Broker {
  const wanted = plainName(name)
  const found = brokers.find((broker) => namesOf(broker).includes(wanted))
  if (found) return found
  throw new BhorError('broker_not_found', `bhor knows no broker “${printable(name, 40)}”.`, {
    hint: `It knows ${brokers.map(({ id }) => id).join(', ')}. Say which one it is: --broker.`,
  })
}

export function namesOf({ id, name, environment }: Broker): readonly string[] {
  return [id, name, ...(environment?.prefixes ?? [])].map(plainName)
}

/** Whether the broker's own words for its API key are “client id”. */
export function callsKeyClientId({ environment }: Broker): boolean {
  return (environment?.names.apiKey ?? []).some((variable) => plainName(variable).endsWith('clientid'))
}
