import { parentPort } from 'node:worker_threads'
import { importPlanted } from '../simulation/planted/plant.ts'
import { type Order, strikeAll } from './strikes.ts'

type Strikes = typeof import('./strikes.ts')

/** Does one order after the other. */
parentPort!.on('message', ({ edits, ...order }: Order) => {
  const place = new URL('./strikes.ts', import.meta.url)
  const planted = edits && importPlanted<Strikes>(place, JSON.stringify(edits), edits)
  void Promise.resolve(planted ?? { strikeAll })
    .then((strikes) => strikes.strikeAll(order))
    .then(
      (result) => parentPort!.postMessage({ result }),
      (error: unknown) => parentPort!.postMessage({ error: (error as Error).stack ?? String(error) }),
    )
})
