import type { AddAccount } from '../../src/contracts/api.ts'
import type { SimulatedApp } from '../../src/simulator/index.ts'
import { adapters, type Brokers } from './brokers.ts'
import type { Chance } from './chance.ts'

/** An account of somebody, and how they live with it. */
export interface Household {
  readonly alias: string
  readonly broker: string
  /** As it is registered at the broker now. */
  app: SimulatedApp
  readonly userId: string
  readonly pin: string
  readonly totpSeed: string
  /** What the account is made with. */
  readonly input: AddAccount
  /** Whether bhor can ask for a new token by itself. */
  readonly canRenew: boolean
  /** Whether a login asks nothing. */
  readonly isSilent: boolean
  /** The source address by which all its calls must leave. */
  readonly way: string | undefined
}

export const redirectUrl = (broker: string) => `http://127.0.0.1:7878/callback/${broker}`

/** Twenty accounts: some share an app or a person, some renew by themselves, some have stored all that a login asks. */
export function settle(brokers: Brokers, chance: Chance): Household[] {
  const kinds = [
    ...Array<string>(10).fill('kite'),
    ...Array<string>(6).fill('upstox'),
    ...Array<string>(4).fill('angel'),
  ]
  const households: Household[] = []
  for (const [at, broker] of kinds.entries()) {
    const alias = `${broker}${at}`
    const before = households.at(-1)
    // The second of each broker has the app of the first at Kite, and its person at Upstox.
    const isSecond =
      before?.broker === broker && households.filter((one) => one.broker === broker).length === 1
    const secret = Buffer.from(chance.random().bytes(12)).toString('hex')
    const app: SimulatedApp =
      isSecond && broker === 'kite'
        ? before.app
        : {
            broker,
            apiKey: `${broker}key${at}`,
            apiSecret: broker === 'angel' ? '' : secret,
            redirectUrl: broker === 'angel' ? '' : redirectUrl(broker),
            approvedForRefresh: broker === 'kite' && at >= 7,
            ...(isSecond && broker === 'upstox' ? { userId: before.userId } : {}),
          }
    brokers.register(app)
    const { world, module } = brokers.get(broker)
    const user =
      isSecond && broker === 'kite' ? world.users.personOf(`${app.apiKey} second`) : world.personOf(app)
    const isSilent = broker === 'angel' && at % 2 === 0
    const way = at % 5 === 4 ? `192.0.2.${at}` : undefined
    const { pin = '', totpSeed, ...fields } = module.accountOf?.(user) ?? { totpSeed: user.totpSeed }
    households.push({
      alias,
      broker,
      app,
      userId: user.userId,
      pin,
      totpSeed: user.totpSeed,
      input: {
        account: alias,
        broker,
        kind: 'live',
        app: { apiKey: app.apiKey, ...(app.apiSecret ? { apiSecret: app.apiSecret } : {}) },
        ...(way ? { settings: { egress: { from: way } } } : {}),
        fields: { ...fields, ...(isSilent ? { pin, totpSeed: totpSeed ?? user.totpSeed } : {}) },
      },
      canRenew:
        adapters[broker]!.renewal !== undefined && (broker !== 'kite' || app.approvedForRefresh === true),
      isSilent,
      way,
    })
  }
  return households
}
