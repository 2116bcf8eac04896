import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type DeskServer, serveDesk } from '../../src/http/server.ts'
import { newFolder, type Running, start } from './at-the-terminal.ts'
import { openWorld, type World, type WorldOptions } from './world.ts'

/** A server in this process, on a data folder that commands of their own processes use. */
export interface CommandBed extends AsyncDisposable {
  readonly world: World
  readonly env: NodeJS.ProcessEnv
  readonly origin: string
  /** Starts a command, and resolves once it follows the feed. */
  follows(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Running>
  /** Resolves once somebody follows the feed again. */
  followed(): Promise<void>
  /** Ends the server with all that it is made of. */
  stop(): Promise<void>
  /** After {@link CommandBed.stop}. */
  startAgain(): Promise<void>
}

export async function openCommandBed(options: WorldOptions = {}): Promise<CommandBed> {
  await using opening = new AsyncDisposableStack()
  const { home, env } = opening.use(newFolder())
  mkdirSync(join(home, 'page'))
  const world = opening.use(await openWorld({ ...options, home }))
  const listeners = new Set<() => void>()
  let desk: DeskServer
  const serve = async () => {
    const { events } = world.app.desk
    const follow = events.follow.bind(events)
    events.follow = async (...asked) => {
      const following = await follow(...asked)
      for (const listener of listeners) listener()
      return following
    }
    desk = await serveDesk({
      app: world.app,
      dashboardFolder: join(home, 'page'),
      socketPath: join(home, 'bhor.sock'),
    })
  }
  await serve()
  opening.defer(() => desk[Symbol.asyncDispose]())
  const followed = () =>
    new Promise<void>((resolve) => {
      const listener = () => {
        listeners.delete(listener)
        resolve()
      }
      listeners.add(listener)
    })
  await world.addAccount()
  const parts = opening.move()
  return {
    world,
    env,
    get origin() {
      return desk.origin
    },
    followed,
    async follows(args, own = env) {
      const isFollowing = followed()
      const running = start(args, own, '')
      await Promise.race([isFollowing, running.ended])
      return running
    },
    async stop() {
      await desk[Symbol.asyncDispose]()
    },
    async startAgain() {
      await world.restart()
      await serve()
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}
