import type { Broker } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { plainName } from './found.ts'

/** The broker with this id, this name, or variables that begin so. */
export function brokerCalled(brokers: readonly Broker[], name = ''): Broker | undefined {
  const wanted = plainName(name)
  return wanted === '' ? undefined : brokers.find((broker) => namesOf(broker).includes(wanted))
}

/** The broker of an account: as its file says, else as a person does who imports it. */
export function brokerMeant(
  brokers: readonly Broker[],
  said: string | undefined,
  given: string | undefined,
): Broker | undefined {
  return brokerCalled(brokers, said) ?? brokerCalled(brokers, given)
}

/** @throws BhorError `broker_not_found` */
export function brokerNamed(brokers: readonly Broker[], name: string): Broker {
  const found = brokerCalled(brokers, name)
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
