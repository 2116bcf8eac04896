import { signal } from '@preact/signals'
import { type AccountView, type BrokerView, shownStatus } from '../../../src/contracts/api.ts'
import { announce } from '../announce.ts'
import { call } from '../api.ts'
import { toProblem } from '../problem.ts'
import { onLeaving } from '../session-state.ts'
import { statusLook } from './status.ts'

/** Null until the first answer. */
export const accounts = signal<readonly AccountView[] | null>(null)
export const brokers = signal<readonly BrokerView[]>([])
onLeaving(() => {
  accounts.value = null
  brokers.value = []
})

export async function loadAccounts(): Promise<readonly AccountView[]> {
  const loaded = await call('GET /v1/accounts')
  for (const account of loaded) sayChange(account)
  accounts.value = loaded
  return loaded
}

/** One of them; it goes where bhor knows none of this name any more. */
export async function loadAccount(name: string): Promise<AccountView | undefined> {
  try {
    const account = await call('GET /v1/accounts/{account}', { params: { account: name } })
    putAccount(account)
    return account
  } catch (error) {
    if (toProblem(error).code !== 'account_not_found') throw error
    accounts.value = (accounts.value ?? []).filter(({ account }) => account !== name)
    return undefined
  }
}

export async function loadBrokers(): Promise<void> {
  brokers.value = await call('GET /v1/brokers')
}

/** Takes over what an action answered, without waiting for the next list. */
export function putAccount(account: AccountView): void {
  sayChange(account)
  const known = accounts.value ?? []
  accounts.value = known.some((each) => each.id === account.id)
    ? known.map((each) => (each.id === account.id ? account : each))
    : [...known, account]
}

export function dropAccount(id: string): void {
  accounts.value = (accounts.value ?? []).filter((each) => each.id !== id)
}

export function brokerOf(account: Pick<AccountView, 'broker'>): BrokerView | undefined {
  return brokers.value.find((broker) => broker.id === account.broker)
}

function sayChange(account: AccountView): void {
  const before = accounts.value?.find((each) => each.id === account.id)
  if (before !== undefined && before.status !== account.status)
    announce(`${account.account}: ${statusLook[shownStatus(account)].word}. ${account.statusText}`)
}
