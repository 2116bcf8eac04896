import type { AccountView } from '../../src/contracts/api.ts'
import { askAgainAfterMs } from '../../src/session/life/doubts.ts'
import { operator } from './people.ts'
import { Unreachable } from './process.ts'
import { holds, Violation } from './violation.ts'
import type { SimulatedWorld } from './world.ts'

/** I10: when nothing has been wrong for a minute, every process says of every account what is true; asked of that part of them. */
export async function checkCalm(world: SimulatedWorld, part = 1): Promise<void> {
  for (const { alias } of world.households) {
    if (!world.chance.happens(part)) continue
    const account = [...world.store.accounts.values()].find((one) => one.alias === alias)
    if (!account) continue
    const process = world.chance.pick(world.processes)
    try {
      const view = await process.ask(`is ${alias} all right`, (desk) => desk.accounts.get(operator, alias))
      await tellsTheTruth(world, view)
    } catch (error) {
      if (error instanceof Violation) throw error
      holds(
        !(error instanceof Unreachable),
        () => `I10 ${process.name} does not answer, a minute after all was well`,
      )
      world.fault(`a look at ${alias}`, error)
    }
  }
}

async function tellsTheTruth(world: SimulatedWorld, view: AccountView): Promise<void> {
  const { account: alias, status, generation } = view
  const stored = world.answers.sessionOf(alias)
  holds(
    (stored?.generation ?? 0) === generation,
    () => `I10 ${alias} shows generation ${generation}, and ${stored?.generation} is stored`,
  )
  const isLive = status === 'active' || status === 'expiring'
  const isAlive =
    stored !== undefined && stored.status === 'active' && world.brokers.isAlive(stored.issued.token)
  // Nobody has told bhor of a logout elsewhere: it must find out as soon as somebody asks.
  if (isLive && !isAlive && world.brokers.wasKilled(stored?.issued.token ?? '')) return findsOut(world, alias)
  // Asked, and given no word: it says that it does not know, and asks again some minutes later or when somebody wants it.
  const { lastProbe } = view
  const askedAgoMs = world.timeline.nowMs - Date.parse(lastProbe?.at ?? '')
  const isUnknown =
    lastProbe?.verdict === 'unknown' &&
    Math.abs(askedAgoMs) < askAgainAfterMs + 60_000 &&
    view.gate.reason === 'unproven'
  if (isLive && !isAlive && isUnknown) return findsOut(world, alias)
  holds(isLive || !isAlive, () => `I10 ${alias} is ${status}, and its session lives`)
  holds(
    !isLive || isAlive,
    () => `I10 ${alias} is ${status}, and its session is dead (${JSON.stringify(view.lastFault)})`,
  )
  holds(
    status !== 'none' || generation === 0 || view.lastFault,
    () => `I10 ${alias} has no session, and nobody says why`,
  )
}

async function findsOut(world: SimulatedWorld, alias: string): Promise<void> {
  const process = world.chance.pick(world.processes)
  const tested = await process.ask(`${alias} is tested`, (desk) => desk.sessions.test(operator, alias))
  holds(
    tested.verdict === 'invalid',
    () => `I10 ${alias} was logged out elsewhere, and a test says ${tested.verdict}`,
  )
}

/** What nobody may be at any more. */
export function checkSettled(world: SimulatedWorld): void {
  const open = world.store.statuses.openSince(world.timeline.nowMs - 75_000)
  holds(open === 0, () => `I10 ${open} exchanges are open, when nobody can be at them any more`)
}
