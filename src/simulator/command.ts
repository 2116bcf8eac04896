import type { Clock } from '../core/clock.ts'
import type { Random } from '../core/random.ts'
import { demoUsers, type Simulator, startSimulator, totpCode } from './index.ts'

export interface SimulatorCommand {
  readonly port?: number | undefined
  readonly seed?: string | undefined
  /** Gets one line or block at a time. */
  readonly print: (text: string) => void
  /** Aborting it closes the simulator. */
  readonly signal?: AbortSignal | undefined
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
}

/**
 * What `bhor simulator` does: starts the brokers, says who can log in and how to steer them, and resolves when
 * the simulator has closed.
 *
 * @throws BhorError `port_in_use`
 */
export async function runSimulator({ print, signal, ...options }: SimulatorCommand): Promise<void> {
  const simulator = await startSimulator({ ...options, banner: print })
  print(people(simulator))
  print(examples(simulator))
  const close = () => void simulator.close()
  if (signal?.aborted) close()
  signal?.addEventListener('abort', close, { once: true })
  await simulator.closed
}

function people(simulator: Simulator): string {
  return Object.values(demoUsers)
    .map((user) =>
      [
        `${user.broker}: ${Object.values(simulator.hosts(user.broker))[0]}`,
        `  user id    ${user.userId}`,
        `  password   ${user.password}`,
        `  TOTP seed  ${user.totpSeed}  (now ${totpCode(user.totpSeed, simulator.clock.now())})`,
      ].join('\n'),
    )
    .join('\n')
}

function examples({ url, hosts }: Simulator): string {
  const post = (route: string, body: unknown) =>
    `curl -s ${url}/control/${route} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`
  const app = {
    broker: 'kite',
    apiKey: 'demo-key',
    apiSecret: 'demo-secret',
    redirectUrl: 'http://127.0.0.1:7878/callback/kite',
  }
  return [
    'Register an app, then log in with it:',
    `  ${post('apps', app)}`,
    `  ${hosts('kite').login}/connect/login?v=3&api_key=demo-key`,
    'Make it misbehave:',
    `  ${post('faults', { broker: 'kite', match: { path: '/session/token' }, kind: 'answer_lost' })}`,
    `  ${post('kill-session', { broker: 'kite', apiKey: 'demo-key' })}`,
    `  ${post('clock', { advanceMs: 86_400_000 })}`,
    'See what it knows and what it was asked:',
    `  curl -s ${url}/control/state`,
    `  curl -s ${url}/control/calls`,
  ].join('\n')
}
