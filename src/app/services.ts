import type { Clock } from '../core/clock.ts'
import type { Desk } from '../session/desk.ts'
import { keep, tickMs } from '../session/life/keeper.ts'

type Log = (level: 'error', text: string, facts: Readonly<Record<string, unknown>>) => void

/** What runs beside the requests for as long as bhor does. */
interface Service {
  readonly name: string
  readonly everyMs: number
  /** Whether this store needs it. */
  isNeeded(desk: Desk): boolean
  run(desk: Desk, isStopped: () => boolean): Promise<void>
}

const services: readonly Service[] = [
  {
    name: 'keeper',
    everyMs: tickMs,
    isNeeded: () => true,
    async run(desk, isStopped) {
      await keep(desk.context, { isAlone: false })
      await desk.sessions.settleDoubts(isStopped)
    },
  },
  {
    name: 'unsettled flights',
    everyMs: 1_000,
    isNeeded: () => true,
    run: ({ context }) => context.flights.retry(),
  },
  {
    name: 'feed',
    everyMs: 1_000,
    isNeeded: ({ context }) => context.store.isShared,
    run: ({ context }) => context.feed.follow(),
  },
]

/** Starts every service that is needed; disposing of the result ends them, each after what it is doing. */
export function startServices(desk: Desk, log: Log): AsyncDisposable {
  const running = services
    .filter((service) => service.isNeeded(desk))
    .map((service) => {
      const onError = (err: unknown) => log('error', `The service “${service.name}” failed.`, { err })
      return repeat(desk.context.clock, service.everyMs, (stopped) => service.run(desk, stopped), onError)
    })
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((service) => service[Symbol.asyncDispose]()))
    },
  }
}

/** Does `work` again and again, `everyMs` after it has ended. */
function repeat(
  clock: Clock,
  everyMs: number,
  work: (isStopped: () => boolean) => Promise<void>,
  onError: (error: unknown) => void,
): AsyncDisposable {
  let isStopped = false
  let running = Promise.resolve()
  let timer: Disposable | undefined
  const schedule = () => {
    timer = clock.after(everyMs, () => {
      running = work(() => isStopped)
        .catch(onError)
        .finally(() => {
          if (!isStopped) schedule()
        })
    })
  }
  schedule()
  return {
    async [Symbol.asyncDispose]() {
      isStopped = true
      timer?.[Symbol.dispose]()
      await running
    },
  }
}
