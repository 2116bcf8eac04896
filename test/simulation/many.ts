import { onEveryCore } from '../support/every-core.ts'
import type { Edit } from './planted/plant.ts'
import type { SimulationResult } from './simulate.ts'

/** One world to be run. */
export interface Order {
  readonly seed: number
  readonly days: number
  /** What is planted in the sources before. */
  readonly edits?: readonly Edit[]
}

/** Runs worlds on every core and gives each result as it comes; ends early when `isEnough` says so. */
export function simulateMany(
  orders: Iterable<Order>,
  told?: (result: SimulationResult) => void,
  isEnough?: (result: SimulationResult) => boolean,
): Promise<readonly SimulationResult[]> {
  return onEveryCore(new URL('./worker.ts', import.meta.url), orders, told, isEnough)
}

/** How somebody runs this one world again and sees every step of it. */
export const repeats = ({ seed, days }: Pick<Order, 'seed' | 'days'>) =>
  `npm run simulate -- --seed ${seed} --days ${days}`

/** What all of them came to, in one line. */
export function summary(results: readonly SimulationResult[]): string {
  const sum = (of: (result: SimulationResult) => number) => results.reduce((all, one) => all + of(one), 0)
  const count = (number: number) => number.toLocaleString('en')
  const wrong = results.filter(({ failure }) => failure).length
  return [
    `${count(results.length)} worlds, ${(sum(({ days }) => days) / 365.25).toFixed(1)} years of their time`,
    `${count(sum(({ steps }) => steps))} steps`,
    `${count(sum(({ commits }) => commits))} commits`,
    `${count(sum(({ logins }) => logins))} sessions`,
    `${count(sum(({ handOuts }) => handOuts))} hand-outs`,
    `${count(sum(({ refusals }) => refusals))} refusals`,
    `${count(sum(({ calls }) => calls))} calls to brokers`,
    `${wrong} violations`,
  ].join(', ')
}
