import type { Desk } from '../session/desk.ts'
import { tidyKeys } from '../session/hygiene/tidy.ts'
import { longestLookMs } from '../session/keeper/work-loop.ts'

type Log = (level: 'error', text: string, facts: Readonly<Record<string, unknown>>) => void

/** What runs beside the requests for as long as bhor does. */
export interface Service {
  readonly name: string
  readonly everyMs: number
  /** Whether this store needs it; every one does when left out. */
  isNeeded?(desk: Desk): boolean
  /** May say in how many milliseconds to run again, if that is sooner than usual. */
  run(desk: Desk, isStopped: () => boolean): Promise<unknown>
  /** Ends what it does beside its runs; called once, after the last of them. */
  end?(desk: Desk): Promise<void>
  /** Calls `wake` when there may be something to do before that. */
  wakes?(desk: Desk, wake: () => void): Disposable
}

export const services: readonly Service[] = [
  {
    name: 'keeper',
    everyMs: longestLookMs,
    run: ({ keeper }, isStopped) => keeper.look(isStopped),
    wakes: onNewsOrJump,
  },
  {
    name: 'roll-call',
    everyMs: longestLookMs,
    isNeeded: ({ context }) => context.alerting !== undefined,
    run: ({ reminders }) => reminders.look(),
    wakes: ({ context: { feed } }, wake) => feed.subscribe(wake),
  },
  {
    name: 'alerts',
    everyMs: longestLookMs,
    isNeeded: hasAlerts,
    run: ({ courier }, isStopped) => courier.begin(isStopped),
    end: ({ courier }) => courier.end(),
    wakes: onNewsOrJump,
  },
  {
    name: 'telegram',
    everyMs: longestLookMs,
    isNeeded: hasAlerts,
    run: ({ listener }) => listener.look(),
    end: ({ listener }) => listener.end(),
    wakes: ({ context: { feed } }, wake) => feed.subscribe(wake),
  },
  {
    name: 'what no event tells',
    everyMs: 60_000,
    isNeeded: hasAlerts,
    run: ({ watch }) => watch.look(),
  },
  {
    name: 'heartbeat',
    everyMs: 60_000,
    isNeeded: ({ context }) => context.alerting?.heartbeat !== undefined,
    run: ({ watch }) => watch.beat(),
  },
  {
    // What is due is the keeper's; this is for files that somebody else has changed.
    name: 'mirrors',
    everyMs: 60_000,
    isNeeded: ({ context }) => context.mirrorFiles !== undefined,
    run: ({ mirrors }, isStopped) => mirrors.look(isStopped),
  },
  {
    name: 'unsettled flights',
    everyMs: 1_000,
    run: ({ context }) => context.flights.retry(),
  },
  {
    name: 'counted refusals',
    everyMs: 10_000,
    run: ({ context }) => context.refusals.settle(),
  },
  {
    // A store that refused a write is tried until it takes one; nothing is written while it is fit.
    name: 'health',
    everyMs: 2_000,
    async run({ context: { health, store, feed } }) {
      if (health.isFit) return
      await store.check().catch(() => {})
      if (health.isFit) feed.stir()
    },
  },
  {
    name: 'unused keys',
    everyMs: 60 * 60_000,
    isNeeded: ({ context }) => context.hygiene?.revokesUnusedKeys === true,
    run: ({ context }) => tidyKeys(context),
  },
  {
    name: 'keys of runs',
    everyMs: 10_000,
    run: ({ runs }) => runs.look(),
  },
  {
    // What a kill has left half done goes on at the next start, at once.
    name: 'the vault’s keys',
    everyMs: 60_000,
    isNeeded: () => true,
    run: ({ vault }, isStopped) => vault.goOn(isStopped),
    wakes({ context: { feed, vault } }, wake) {
      if (vault.retiredKeyIds.length > 0) wake()
      return feed.subscribe((events) => {
        if (events.some(({ action }) => action === 'vault.rotate')) wake()
      })
    },
  },
  {
    // Whoever uses a row looks at it anyway; this is for those that nobody uses.
    name: 'inventory',
    everyMs: 5_000,
    isNeeded: ({ context }) => !context.store.isShared,
    run: ({ context }) => context.store.look(),
  },
  {
    name: 'other servers',
    everyMs: 1_000,
    isNeeded: ({ context }) => context.store.isShared,
    async run({ context: { store, feed } }) {
      await store.look()
      await feed.follow()
    },
  },
]

function hasAlerts({ context }: Desk): boolean {
  return context.alerting !== undefined
}

function onNewsOrJump({ context: { feed, clock } }: Desk, wake: () => void): Disposable {
  const wakers = new DisposableStack()
  wakers.use(feed.subscribe(wake))
  wakers.use(clock.onJump(wake))
  return wakers
}

/** Starts every service that is needed; disposing of the result ends them, each after what it is doing. */
export function startServices(desk: Desk, log: Log, all: readonly Service[] = services): AsyncDisposable {
  const running = all
    .filter((service) => service.isNeeded?.(desk) ?? true)
    .map((service) => {
      const onError = (err: unknown) => log('error', `The service “${service.name}” failed.`, { err })
      return repeat(desk, service, onError)
    })
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((service) => service[Symbol.asyncDispose]()))
    },
  }
}

/** Runs a service again and again, each time after it has ended. */
function repeat(desk: Desk, service: Service, onError: (error: unknown) => void): AsyncDisposable {
  const { clock } = desk.context
  let isStopped = false
  let isRunning = false
  let isWoken = false
  let running = Promise.resolve()
  let timer: Disposable | undefined
  const schedule = (inMs: number) => {
    timer?.[Symbol.dispose]()
    timer = clock.after(inMs, run)
  }
  const run = () => {
    isRunning = true
    isWoken = false
    running = service
      .run(desk, () => isStopped)
      .catch((error: unknown) => void onError(error))
      .then((inMs) => {
        isRunning = false
        if (!isStopped) schedule(isWoken ? 0 : typeof inMs === 'number' ? inMs : service.everyMs)
      })
  }
  schedule(service.everyMs)
  const wakers = service.wakes?.(desk, () => {
    if (isRunning) isWoken = true
    else if (!isStopped) schedule(0)
  })
  return {
    async [Symbol.asyncDispose]() {
      isStopped = true
      wakers?.[Symbol.dispose]()
      timer?.[Symbol.dispose]()
      await running
      await service.end?.(desk)
    },
  }
}
