import { AssertionError } from 'node:assert'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { ManualClock } from '../../src/core/clock.ts'
import { isBhorError } from '../../src/core/errors.ts'
import { newHome } from '../support/domain.ts'
import { type Effect, Effects, type Strike } from './effects.ts'
import { PlayedBrokers } from './played-brokers.ts'
import { Played, type Stage } from './run.ts'
import type { Scenario } from './scenario.ts'
import { brokenRows, holdsEvents, isOnDisk } from './stored.ts'
import { type Before, standing, stuck, untrue } from './truth.ts'

/** Monday morning in India: 08:30. */
const start = '2026-11-23T03:00:00Z'
/** What no caller may hear, whatever the store or a broker does. */
const neverSaid = ['internal', 'store_damaged', 'seal_broken', 'audit_broken', 'store_rolled_back']

/** What is written outlives the process either way, and hundreds of folders need no disk that keeps it longer. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A scenario, arranged once. */
export interface Arranged extends Disposable {
  readonly stage: Stage
  readonly before: Before
}

export async function arrange(scenario: Scenario, broker: string): Promise<Arranged> {
  const folder = newHome(undefined, place)
  const clock = new AwaitedClock(start)
  const stage = { scenario, broker, home: folder.home, clock, brokers: new PlayedBrokers(clock) }
  const run = new Played(stage)
  await run.open()
  const before = await patiently(clock, async () => {
    const { app } = await run.addAccount('demo')
    const known = run.brokers.appOf(broker, app.apiKey ?? '')
    if (scenario.renews && known) run.brokers.registerApp({ ...known, approvedForRefresh: true })
    await scenario.arrange?.(run)
    return standing(run)
  })
  await run.close()
  return { stage: { ...stage, run }, before, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

/** Plays a scenario, struck or not, and starts bhor again on what is stored. */
export async function play(
  { stage, before }: Arranged,
  strike?: Strike,
): Promise<{ readonly effects: readonly Effect[]; readonly violations: readonly string[] }> {
  using folder = newHome(stage.home, place)
  const { home } = folder
  const { scenario } = stage
  const clock = new AwaitedClock(stage.clock.now())
  const run = new Played({ ...stage, home, clock, brokers: stage.brokers.again(clock) })
  const effects = new Effects()
  const violations: string[] = []
  const say = (who: string, wrong: readonly string[]) =>
    void violations.push(...wrong.map((what) => `${who}: ${what}`))
  const looksBack = async (who: string) => {
    await patiently(clock, async () => {
      await run.settle()
      say(who, await untrue(run, before))
    })
  }

  if (scenario.fromStart) effects.arm(strike)
  try {
    await patiently(clock, async () => {
      await run.open(effects)
      await clock.advance(1_000)
      if (!scenario.fromStart) effects.arm(strike)
      await scenario.act(run)
      run.isDone = true
    })
  } catch (error) {
    if (strike === undefined) throw error
    if (!effects.isDead) say('the caller', unexpected(error))
  }
  effects.disarm()
  if (strike && !effects.hasStruck) say('the loop', ['this effect was not reached'])
  say('a commit', effects.unrecorded)
  if (!effects.isDead && run.isOpen) await looksBack('the same process')
  await run.close()
  say('the store', brokenRows(home, false))
  if (!holdsEvents(home, run.published)) say('the feed', ['I6 told of what is not stored'])

  await patiently(clock, () => run.open())
  await looksBack('the next process')
  await patiently(clock, async () => {
    await scenario.check?.(run)
    say('a person', await stuck(run))
  }).catch((error: unknown) => say('the scenario', [String((error as Error).stack)]))
  await run.close()
  say('the store', brokenRows(home, true))
  if (
    isOnDisk(
      home,
      run.brokers.opened.map(({ accessToken }) => accessToken),
    )
  )
    say('the store', ['a token in plain'])
  return { effects: effects.all, violations }
}

/** An error of the code itself, and not one that somebody can do something about. */
function unexpected(error: unknown): string[] {
  const cause = error instanceof AssertionError ? error.actual : error
  const isSaid = error instanceof AssertionError || isBhorError(error)
  if (isSaid && !(isBhorError(cause) && neverSaid.includes(cause.code))) return []
  return [String((cause as Error)?.stack ?? cause)]
}

const turns = 1_000

/** Lets time pass for whoever waits for it, once nothing else goes on. */
async function patiently<T>(clock: AwaitedClock, work: () => Promise<T>): Promise<T> {
  let isOver = false
  const done = work().finally(() => {
    isOver = true
  })
  done.catch(() => {})
  for (let idle = 0; !isOver; idle++) {
    await new Promise((resolve) => setImmediate(resolve))
    if (idle < turns || !clock.isAwaited) continue
    idle = 0
    await clock.advance(250)
  }
  return done
}

/** A clock that knows whether anybody waits for it. */
class AwaitedClock extends ManualClock {
  #waiting = 0
  get isAwaited(): boolean {
    return this.#waiting > 0
  }
  override after(delayMs: number, work: () => void): Disposable {
    this.#waiting++
    let isPending = true
    const end = () => {
      if (isPending) this.#waiting--
      isPending = false
    }
    const timer = super.after(delayMs, () => {
      end()
      work()
    })
    return {
      [Symbol.dispose]() {
        end()
        timer[Symbol.dispose]()
      },
    }
  }
}
