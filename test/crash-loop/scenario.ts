import type { AccountView, HandOut, LoginView } from '../../src/contracts/api.ts'
import type { Broker } from '../../src/contracts/broker.ts'
import type { ManualClock } from '../../src/core/clock.ts'
import type { Desk } from '../../src/session/desk.ts'
import type { Principal } from '../../src/session/ground/rights.ts'
import type { Domain } from '../support/domain.ts'
import type { PlayedBrokers } from './played-brokers.ts'

/** What somebody can do with bhor, and what must hold whatever befalls the process meanwhile. */
export interface Scenario {
  readonly name: string
  /** Whose account `demo` it is; Kite's when left out. One run for each. */
  readonly brokers?: readonly string[]
  /** Kite has approved the app: its sessions come with a refresh token. */
  readonly renews?: boolean
  /** In place of the broker's adapter. */
  readonly adapter?: Broker
  /** Another process works on the same store, and nothing befalls it. */
  readonly isShared?: boolean
  /** The start of the process is struck as well. */
  readonly fromStart?: boolean
  /** What is so before the first effect counts. */
  arrange?(run: Run): Promise<unknown>
  act(run: Run): Promise<unknown>
  /** What must hold besides the invariants of all; `run.isDone` says whether somebody was told that it is done. */
  check?(run: Run): Promise<unknown>
}

/** One process, its brokers, and what its callers have got from it. */
export interface Run {
  /** The process; after a strike the one that has taken its place. */
  readonly domain: Domain
  /** Where `isShared`. */
  readonly other: Desk
  /** The data folder. */
  readonly home: string
  readonly clock: ManualClock
  readonly brokers: PlayedBrokers
  readonly broker: string
  /** What `arrange` found out and the rest needs: ids, addresses. */
  readonly kept: Record<string, string>
  readonly isDone: boolean
  readonly got: Got
  addAccount(account: string, more?: object): Promise<AccountView>
  logIn(account?: string, wish?: LoginWish): Promise<AccountView>
  /** A login from its start to where it ends, or waits for what is left out of `answers`. */
  startLogin(account?: string, wish?: LoginWish): Promise<{ id: string; url: string | null }>
  /** The browser arrives where the broker has sent it. */
  arrive(callbackUrl: string, at?: Desk): Promise<void>
  answer(id: string, account?: string): Promise<LoginView>
  handOut(account?: string, principal?: Principal): Promise<HandOut>
  view(account?: string): Promise<AccountView>
  /** How often the audit tells of this. */
  recorded(action: string, result?: string): Promise<number>
  /** Lets time pass as the server does: the keeper looks when it said that it would. */
  pass(ms: number): Promise<void>
}
export interface LoginWish {
  readonly method?: string
  /** Another person than the one whom the page offers. */
  readonly userId?: string
  readonly via?: Desk
}
/** What left the process: nobody can take it back. */
export interface Got {
  /** The highest generation that somebody was told of, by account. */
  readonly generations: Map<string, number>
  readonly tokens: { readonly account: string; readonly generation: number; readonly token: string }[]
  readonly keys: { readonly id: string; readonly text: string }[]
}

export const minute = 60_000
export const hour = 60 * minute
