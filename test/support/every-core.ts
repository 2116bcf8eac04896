import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** What a worker answers to an order. */
export type Answered<Result> = { readonly result: Result } | { readonly error: string }

/** Gives orders to one worker on each core, one after the other, and each result as it comes; ends early when `isEnough` says so. */
export async function onEveryCore<Order, Result>(
  script: URL,
  orders: Iterable<Order>,
  told: (result: Result, order: Order) => void = () => {},
  isEnough: (result: Result) => boolean = () => false,
): Promise<readonly Result[]> {
  const waiting = orders[Symbol.iterator]()
  const results: Result[] = []
  let isOver = false
  const work = async (): Promise<void> => {
    const worker = new Worker(script)
    try {
      for (let next = waiting.next(); !next.done && !isOver; next = waiting.next()) {
        const result = await done<Order, Result>(worker, next.value)
        results.push(result)
        told(result, next.value)
        isOver ||= isEnough(result)
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return results
}

function done<Order, Result>(worker: Worker, order: Order): Promise<Result> {
  return new Promise((resolve, reject) => {
    const over = new AbortController()
    const end = (settle: () => void) => {
      over.abort()
      settle()
    }
    const fails = (why: string) => end(() => reject(new Error(`${JSON.stringify(order)}: ${why}`)))
    const heard = (answer: Answered<Result>) =>
      'result' in answer ? end(() => resolve(answer.result)) : fails(answer.error)
    const listen = (name: string, listener: (value: never) => void) => {
      worker.once(name, listener as (value: unknown) => void)
      over.signal.addEventListener('abort', () => worker.off(name, listener as (value: unknown) => void))
    }
    listen('message', heard)
    listen('error', (error: Error) => end(() => reject(error)))
    listen('exit', (code: number) => fails(`the worker ended with ${code}`))
    worker.postMessage(order)
  })
}
