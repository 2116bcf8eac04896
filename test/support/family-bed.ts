import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import type { Journey } from '../contract-families/journeys.ts'

export interface PlayedBroker extends AsyncDisposable {
  readonly simulator: Simulator
  /** Names the adapter, and where its broker is played, in the config.toml of a data folder. */
  configure(home: string): void
}

/** Plays the broker of a journey on loopback. */
export async function playBroker({ family, app }: Journey): Promise<PlayedBroker> {
  const { id, hosts } = family.broker
  const simulator = await startSimulator({ port: 0, banner: () => {}, modules: [family.simulator] })
  simulator.registerApp(app)
  const origins = simulator.hosts(id)
  const lines = [
    `[brokers.${id}]`,
    `module = ${JSON.stringify(family.file)}`,
    `[hosts.${id}]`,
    ...Object.keys(hosts).map((role) => `${role} = "${origins[role]}"`),
  ]
  return {
    simulator,
    configure: (home) => writeFileSync(join(home, 'config.toml'), `${lines.join('\n')}\n`, { mode: 0o600 }),
    [Symbol.asyncDispose]: () => simulator.close(),
  }
}
