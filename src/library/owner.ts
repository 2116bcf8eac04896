import { type AppOptions, openApp } from '../app/open.ts'
import { httpLine } from '../client/http-line.ts'
import type { Line } from '../client/line.ts'
import { nodeWire } from '../client/node-wire.ts'
import { socketPath } from '../config/home.ts'
import { refuseOtherHandsOn } from '../config/other-hands.ts'
import type { Clock } from '../core/clock.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { serveSocket } from '../http/server.ts'
import { ownLine } from './own-line.ts'

/** The data folder, reached as its owner or through the owner's socket. */
export interface Standing extends AsyncDisposable {
  readonly isOwner: boolean
  readonly line: Line
}

/** So long an owner may take between taking the folder and answering, or between leaving and being gone. */
const settledWithinMs = 15_000
const lookAgainMs = 100

/**
 * Takes the data folder where nobody has it, else reaches whoever has. The lock of the folder decides, so that there are
 * never two owners.
 *
 * @throws BhorError as `openApp`; `store_locked` where whoever has the folder does not answer
 */
export async function takeStanding(options: AppOptions, clock: Clock): Promise<Standing> {
  const untilMs = clock.monotonicMs() + settledWithinMs
  for (;;) {
    try {
      return await own(options)
    } catch (error) {
      if (!isBhorError(error, 'store_locked')) throw error
      const guest = await guestOf(options)
      if (guest) return guest
      if (clock.monotonicMs() >= untilMs) throw error
      await clock.sleep(lookAgainMs)
    }
  }
}

async function own(options: AppOptions): Promise<Standing> {
  await using opening = new AsyncDisposableStack()
  const app = opening.use(await openApp(options))
  // Where a database is shared, everybody is an owner.
  if (!app.store.isShared) opening.use(await serveSocket({ app, socketPath: socketPath(app.config.home) }))
  const parts = opening.move()
  return { isOwner: true, line: ownLine(app), [Symbol.asyncDispose]: () => parts.disposeAsync() }
}

/** Undefined while the owner does not answer. */
async function guestOf({ config }: AppOptions): Promise<Standing | undefined> {
  const path = socketPath(config.home)
  refuseOtherHandsOn(path, `The socket ${path}`)
  const fault: Line['fault'] = (code, message, parts) => new BhorError(code, message, parts)
  const wire = nodeWire({ path }, fault)
  try {
    await wire.send({ method: 'GET', target: '/healthz' })
  } catch {
    return undefined
  }
  return { isOwner: false, line: httpLine(wire, fault), async [Symbol.asyncDispose]() {} }
}
