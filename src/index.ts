import type { AppOptions } from './app/open.ts'
import { Program } from './client/program.ts'
import { loadConfig } from './config/load.ts'
import type { Bhor } from './contracts/client.ts'
import type { Net } from './contracts/net.ts'
import { type Clock, foregroundClock, systemClock } from './core/clock.ts'
import type { Random } from './core/random.ts'
import { takeStanding } from './library/owner.ts'
import { SharedLine } from './library/shared-line.ts'

export type {
  AccountGate,
  AccountView,
  AddAccount,
  CallKind,
  CallLimits,
  GateCause,
  GateReason,
  HandOut,
  LoginStarted,
  SessionStatus,
  SessionView,
  TestResult,
} from './contracts/api.ts'
export type { Bhor, CallFailure, CallWish, SessionWish, WaitWish } from './contracts/client.ts'
export type { AccountState, FeedEvent, FeedEventName, FeedEvents } from './contracts/events.ts'
export type { Net, NetReply, NetRequest } from './contracts/net.ts'
export type {
  AccountPortfolio,
  FundsView,
  Holding,
  PortfolioTotal,
  PortfolioView,
  Position,
} from './contracts/portfolio.ts'
export type { Clock } from './core/clock.ts'
export { BhorError, type ErrorCode, errorTable, isBhorError } from './core/errors.ts'
export type { Random } from './core/random.ts'

export interface OpenOptions {
  /** The data folder; `BHOR_HOME`, else the platform's state folder, when left out. */
  readonly home?: string
  readonly clock?: Clock
  readonly random?: Random
  readonly net?: Net
}

/**
 * bhor in this process, without a server. Where another process of this user has the data folder, `bhor serve` or a
 * program that was first, it is used through that one's socket; when it ends, one of the others takes over.
 *
 * @throws BhorError `key_wrong`, `config_invalid`, …; `store_locked` where whoever has the folder does not answer
 *
 * @example
 * ```ts
 * await using bhor = await openBhor()
 * const { accessToken, apiKey } = await bhor.session('personal', { minLife: '20m' })
 * ```
 */
export async function openBhor({ home, ...injected }: OpenOptions = {}): Promise<Bhor> {
  const options: AppOptions = {
    config: loadConfig(home === undefined ? {} : { flags: { home } }),
    ...injected,
  }
  const clock = injected.clock ?? systemClock
  const waitingClock = injected.clock ?? foregroundClock
  const take = () => takeStanding(options, foregroundClock)
  const line = new SharedLine(await take(), take, foregroundClock)
  const close = () => line[Symbol.asyncDispose]()
  const program = new Program({ line, clock, waitingClock, close })
  // Also a program that asks nothing hears when the owner ends.
  program.follow()
  return program
}
