import { parentPort } from 'node:worker_threads'
import type { Order } from './many.ts'
import { importPlanted } from './planted/plant.ts'
import { simulate } from './simulate.ts'

type Simulation = typeof import('./simulate.ts')

/** Does one order after the other. */
parentPort!.on('message', ({ edits, ...options }: Order) => {
  const place = new URL('./simulate.ts', import.meta.url)
  const planted = edits && importPlanted<Simulation>(place, JSON.stringify(edits), edits)
  void Promise.resolve(planted ?? { simulate })
    .then((simulation) => simulation.simulate(options))
    .then(
      (result) => parentPort!.postMessage({ result }),
      (error: unknown) => parentPort!.postMessage({ error: (error as Error).stack ?? String(error) }),
    )
})
