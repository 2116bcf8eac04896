import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import type { Journey } from '../contract-families/journeys.ts'

/** Plays the broker of a journey on loopback, and names its adapter from outside in a data folder's config.toml. */
export async function playBroker({ id, simulator: module, register }: Journey): Promise<
  AsyncDisposable & {
    readonly simulator: Simulator
    configure(home: string): void
  }
> {
  const simulator = await startSimulator({ port: 0, banner: () => {}, modules: [module] })
  simulator.registerApp({ broker: id, ...register })
  const file = fileURLToPath(new URL(`../contract-families/outside/${id}.ts`, import.meta.url))
  const hosts = Object.entries(simulator.hosts(id)).map(([role, url]) => `${role} = "${url}"`)
  const config = [`[brokers.${id}]`, `module = "${file}"`, `[hosts.${id}]`, ...hosts].join('\n')
  return {
    simulator,
    configure: (home) => writeFileSync(join(home, 'config.toml'), `${config}\n`, { mode: 0o600 }),
    [Symbol.asyncDispose]: () => simulator.close(),
  }
}
