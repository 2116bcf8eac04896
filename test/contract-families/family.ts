import { fileURLToPath } from 'node:url'
import type { Broker } from '../../src/contracts/broker.ts'
import type { SimulatedBrokerModule } from '../../src/simulator/index.ts'
import * as angel from './adapters/angel.ts'
import * as approving from './adapters/approving.ts'
import * as definedge from './adapters/definedge.ts'
import * as dhan from './adapters/dhan.ts'
import * as kotak from './adapters/kotak.ts'

/** An example of a family: the adapter, its simulated broker, and the file that holds both. */
export interface Family {
  readonly broker: Broker
  /** Absent where a test plays the broker. */
  readonly simulator?: SimulatedBrokerModule
  /** For `[brokers.ID] module = "…"`. */
  readonly file: string
}

/** One that the simulator can play. */
export type SimulatedFamily = Required<Family>

/** The modules for the simulator. */
export function modulesOf(families: readonly Family[]): readonly SimulatedBrokerModule[] {
  return families.flatMap(({ simulator }) => simulator ?? [])
}

const family = (parts: Omit<SimulatedFamily, 'file'>): SimulatedFamily => ({
  broker: parts.broker,
  simulator: parts.simulator,
  file: fileURLToPath(new URL(`./adapters/${parts.broker.id}.ts`, import.meta.url)),
})

/** All of them, by id. */
export const families = {
  angel: family(angel),
  dhan: family(dhan),
  kotak: family(kotak),
  definedge: family(definedge),
  approving: family(approving),
} as const
