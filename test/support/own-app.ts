import type { AddAccount } from '../../src/contracts/api.ts'
import { demoUsers, type SimulatedApp } from '../../src/simulator/index.ts'

/**
 * An app that the test registers at the simulator itself, and so can change: approval, secret, enabled users. The
 * broker's demo user logs in through it.
 */
export function ownApp(broker: string): SimulatedApp {
  return {
    broker,
    apiKey: `${broker}demokey`,
    apiSecret: `${broker}demosecret`,
    redirectUrl: `http://127.0.0.1:7878/callback/${broker}`,
    userId: Object.values(demoUsers).find((user) => user.broker === broker)?.userId,
  }
}

/** What an account needs to use {@link ownApp}. */
export function withOwnApp(broker: string): Partial<AddAccount> {
  const { apiKey, apiSecret, redirectUrl } = ownApp(broker)
  return { broker, apiKey, apiSecret, redirectUrl }
}
