import type { Edit } from '../simulation/planted/plant.ts'
import { callBlows, commitBlows, type Effect, type Strike } from './effects.ts'
import { arrange, play } from './runner.ts'
import { scenarios } from './scenarios/index.ts'

/** One scenario with one broker, to be struck everywhere. */
export interface Order {
  readonly scenario: string
  readonly broker: string
  /** With which blow the rotation begins. */
  readonly first: number
  /** Every blow at every effect, and one inside of every commit. */
  readonly isLong: boolean
  /** What is planted in the sources before. */
  readonly edits?: readonly Edit[]
}
export interface Struck {
  readonly effects: number
  readonly crashes: number
  readonly errors: number
  readonly violations: readonly string[]
}

/** Every scenario with each of its brokers. */
export function ordersOf(isLong: boolean): readonly Order[] {
  const pairs = scenarios.flatMap(({ name, brokers = ['kite'] }) =>
    brokers.map((broker) => ({ scenario: name, broker })),
  )
  return pairs.map((pair, first) => ({ ...pair, first, isLong }))
}

/** Plays a scenario as often as there is something to strike. */
export async function strikeAll({ scenario: name, broker, first, isLong }: Order): Promise<Struck> {
  const scenario = scenarios.find((one) => one.name === name)!
  const sum = { effects: 0, crashes: 0, errors: 0 }
  const violations: string[] = []
  try {
    using arranged = await arrange(scenario, broker)
    const unstruck = await play(arranged)
    violations.push(...unstruck.violations.map((what) => `${broker}, not struck: ${what}`))
    sum.effects = unstruck.effects.length
    for (const [at, effect] of unstruck.effects.entries()) {
      for (const strike of isLong ? allAt(effect, at, first) : [oneAt(effect, at, first)]) {
        const where = `${broker}, ${effect.kind} ${at + 1} (${effect.what.join(' ')}), ${strike.blow}`
        const struck = await play(arranged, strike)
        violations.push(...struck.violations.map((what) => `${where}: ${what}`))
        sum[strike.blow.startsWith('crash') ? 'crashes' : 'errors']++
      }
    }
  } catch (error) {
    violations.push(`${broker}: ${String((error as Error).stack ?? error)}`)
  }
  return { ...sum, violations }
}

const blowsAt = ({ kind }: Effect) => (kind === 'call' ? callBlows : commitBlows)

function oneAt(effect: Effect, at: number, first: number): Strike {
  const blows = blowsAt(effect)
  return { at: at + 1, blow: blows[(first + at) % blows.length]! }
}

function allAt(effect: Effect, at: number, first: number): Strike[] {
  const { kind, what } = effect
  const inside = kind === 'commit' ? [`write ${(first + at) % what.length} fails` as const] : []
  return [...blowsAt(effect), ...inside].map((blow) => ({ at: at + 1, blow }))
}
