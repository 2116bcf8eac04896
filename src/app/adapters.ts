import { statSync } from 'node:fs'
import { manifestFault } from '../brokers/manifest.ts'
import { builtInBrokers } from '../brokers/registry.ts'
import type { Config } from '../config/load.ts'
import type { Broker } from '../contracts/broker.ts'
import type { SimulatedBrokerModule } from '../contracts/sandbox.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import { adapterFile, importAdapter, refuseOtherHandsOnAdapter } from './adapter-modules.ts'

/** An adapter from outside the repository. It is trusted code: it runs inside bhor. */
export interface Adapter {
  readonly id: string
  readonly file: string
  /** Of the file, in words. */
  readonly owner: string
  readonly broker: Broker
  readonly simulator?: SimulatedBrokerModule
}

/**
 * Loads what `[brokers.ID] module = "…"` names, each file checked before it runs and each manifest after.
 *
 * @throws BhorError `adapter_invalid`, `permissions_too_wide`
 */
export async function loadAdapters(configured: Config['brokers'], home: string): Promise<readonly Adapter[]> {
  const adapters: Adapter[] = []
  for (const [id, { module }] of Object.entries(configured))
    adapters.push(await loadAdapter(id, module, home))
  return adapters
}

async function loadAdapter(id: string, module: string, home: string): Promise<Adapter> {
  const refuse = (why: string, hint: string, cause?: unknown) =>
    new BhorError('adapter_invalid', `config.toml: [brokers.${id}]: ${why}`, { hint, cause })
  if (Object.hasOwn(builtInBrokers, id))
    throw refuse('bhor has this broker itself.', 'Give the adapter another id.')
  const file = adapterFile(module, home)
  refuseOtherHandsOnAdapter(file)
  const exported = await importAdapter(file).catch((error: unknown) => {
    if (isBhorError(error)) throw error
    const said = error instanceof Error ? printable(`${error.name}: ${error.message}`) : 'something is thrown'
    throw refuse(`the module cannot be loaded (${said}).`, `Run it alone: node ${file}`, error)
  })
  const { broker, simulator } = exported
  if (broker === undefined)
    throw refuse('the module exports no broker.', 'Write: export const broker = defineBroker({…})')
  const wrong = manifestFault(broker)
  if (wrong) throw refuse(`${printable(wrong.fault)}.`, wrong.hint)
  const { id: itsOwn } = broker as Broker
  if (itsOwn !== id) throw refuse(`the adapter’s own id is ${itsOwn}.`, `Write [brokers.${itsOwn}].`)
  const isSimulator = typeof simulator === 'object' && simulator !== null
  if (simulator !== undefined && !isSimulator)
    throw refuse('simulator is not an object.', 'Export what the simulator asks for, or nothing.')
  return {
    id,
    file,
    owner: ownerOf(file),
    broker: broker as Broker,
    ...(isSimulator ? { simulator: simulator as SimulatedBrokerModule } : {}),
  }
}

function ownerOf(file: string): string {
  const { uid } = statSync(file)
  return uid === process.getuid?.() ? 'you' : uid === 0 ? 'root' : `user ${uid}`
}
