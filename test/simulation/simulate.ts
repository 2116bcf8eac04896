import { checkCalm, checkSettled } from './calm.ts'
import { Chance } from './chance.ts'
import { Days, dayMs } from './days.ts'
import type { FaultRates } from './fault-plan.ts'
import { foundation, stand } from './foundation.ts'
import { operator, People } from './people.ts'
import { Programs } from './programs.ts'
import { Timeline } from './timeline.ts'
import { Trace } from './trace.ts'
import { Trouble } from './trouble.ts'
import { pass, SimulatedWorld, until } from './world.ts'

export interface SimulationOptions {
  readonly seed: number
  readonly days: number
  readonly rates?: FaultRates
  /** Gets every line of the trace. */
  readonly print?: (line: string) => void
}

export interface SimulationResult {
  readonly seed: number
  readonly days: number
  readonly steps: number
  readonly commits: number
  readonly records: number
  readonly logins: number
  readonly handOuts: number
  readonly refusals: number
  readonly calls: number
  /** Of everything that happened, in its order. */
  readonly trace: string
  /** What is wrong, and what came before it. */
  readonly failure?: { readonly text: string; readonly last: readonly string[] }
}

/** A Sunday evening in India: 20:00 IST. */
const firstEvening = Temporal.Instant.from('2026-11-22T14:30:00Z').epochMilliseconds

/** One world from its seed: as many days as asked, then a calm. The same seed gives the same trace. */
export async function simulate({ seed, days, rates, print }: SimulationOptions): Promise<SimulationResult> {
  const trace = new Trace(print)
  const chance = new Chance(`seed ${seed}`)
  const timeline = new Timeline(firstEvening + chance.between(0, 27) * dayMs, trace)
  const laid = await foundation().catch((error: Error) => error)
  if (laid instanceof Error) return fallen({ seed, days }, laid)
  const { keys, ...stored } = laid
  using _turns = timeline.takeTurns()
  using world = await SimulatedWorld.open({
    timeline,
    chance,
    processes: ['A', 'B', 'C'],
    fill: (database) => stand(database, { keys, ...stored }),
    ...(rates ? { rates } : {}),
  })
  const people = new People(world)
  const programs = new Programs(world, people, keys)
  let failure: SimulationResult['failure']
  // A promise that fails while nobody waits for it ends a real process.
  const unheard = (error: unknown) => world.found(error)
  process.on('unhandledRejection', unheard)
  try {
    await run(world, people, programs, days)
  } catch (error) {
    failure = { text: (error as Error).stack ?? String(error), last: trace.end() }
    await timeline.settle()
  } finally {
    process.off('unhandledRejection', unheard)
  }
  const { commits, records } = world.store
  const { handOuts, refusals } = world.answers
  return {
    seed,
    days,
    steps: timeline.steps,
    commits,
    records,
    logins: people.logins,
    handOuts,
    refusals,
    calls: world.counts.sentCalls,
    trace: trace.digest(),
    ...(failure ? { failure } : {}),
  }
}

/** Already when the accounts were made something was not as it must be. */
function fallen(of: Pick<SimulationResult, 'seed' | 'days'>, { stack = '' }: Error): SimulationResult {
  const counts = { steps: 0, commits: 0, records: 0, logins: 0, handOuts: 0, refusals: 0, calls: 0 }
  return { ...of, ...counts, trace: '', failure: { text: stack, last: [] } }
}

async function run(world: SimulatedWorld, people: People, programs: Programs, days: number): Promise<void> {
  const { timeline } = world
  const startMs = timeline.nowMs
  world.calm()
  await pass(world, startMs + 1_000)
  const plans = new Days(world, people, programs)
  const trouble = new Trouble(world)
  world.storm()
  trouble.begin()
  for (let day = 0; day < days; day++) {
    const midnightMs = startMs + 4 * 3_600_000 + day * dayMs
    plans.plan(midnightMs)
    const calmMs = Math.min(midnightMs + world.chance.between(0, dayMs - 1), startMs + days * dayMs - 120_000)
    await pass(world, calmMs)
    await haveCalm(world, 0.4)
    world.storm()
    trouble.resume()
    await pass(world, Math.min(midnightMs + dayMs, startMs + days * dayMs))
  }
  await haveCalm(world)
  const { intact } = await until(
    world,
    world.processes[0]!.ask('the audit is verified', (desk) => desk.audit.verify(operator)),
  )
  if (!intact) throw new Error('I6 the audit does not verify')
}

/** Nothing is wrong for a minute. */
async function haveCalm(world: SimulatedWorld, part = 1): Promise<void> {
  world.calm()
  await pass(world, world.timeline.nowMs + 60_000)
  // Whether a process is dead that was at an exchange, nobody knows before it must have ended.
  if (world.store.statuses.openSince(world.timeline.nowMs) > 0)
    await pass(world, world.timeline.nowMs + 15_000)
  await until(world, checkCalm(world, part))
  checkSettled(world)
}
