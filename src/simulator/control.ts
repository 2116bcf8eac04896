import { BhorError, isBhorError, toBhorError } from '../core/errors.ts'
import { type Json, parseJson } from '../core/json.ts'
import { type Answer, jsonAnswer } from './answer.ts'
import type { SimulatedBroker } from './broker.ts'
import type { Call } from './call.ts'
import type { Fault } from './faults.ts'
import { findRoute, routesOf } from './routes.ts'
import { shaped } from './shape.ts'
import type { Simulator } from './simulator.ts'
import { totpCode } from './totp.ts'

/** What the control endpoint needs to know of a request. */
export type ControlCall = Pick<Call, 'method' | 'path' | 'query' | 'headers' | 'body'>

/** What it steers. */
export interface Controlled {
  readonly simulator: Simulator
  readonly brokers: ReadonlyMap<string, SimulatedBroker>
  readonly armed: () => readonly { readonly fault: Fault; readonly left: number }[]
}

type Handler = (controlled: Controlled, call: ControlCall) => unknown

const routes = routesOf<Handler>({
  'GET /control/state': state,
  'POST /control/clock': setClock,
  'POST /control/faults': addFault,
  'DELETE /control/faults': ({ simulator }) => simulator.faults.clear(),
  'GET /control/calls': listCalls,
  'DELETE /control/calls': ({ simulator }) => simulator.clearCalls(),
  'POST /control/apps': registerApp,
  'POST /control/users': addUser,
  'POST /control/sessions': adoptSession,
  'POST /control/kill-session': killSession,
})

/**
 * The steering wheel, for tests and people with `curl`. JSON in (`content-type: application/json`), JSON out,
 * errors as problem+json with a `code` of bhor's error table. Requests of other web pages are refused.
 *
 * | route | body or query | does |
 * |---|---|---|
 * | `GET /control/state` | – | clock, apps, users with the TOTP of now and the last code sent, live sessions, armed faults |
 * | `POST /control/clock` | `{advanceMs}` or `{set: "2026-11-24T00:30:00Z"}` | moves the brokers' clock |
 * | `POST /control/clock` | `{misdateMs}` | makes the `Date` header of their answers that much ahead of this computer's clock |
 * | `POST /control/faults` | {@link Fault}; `times: "always"` for no end | arms a fault |
 * | `DELETE /control/faults` | – | disarms all |
 * | `GET /control/calls` | `?broker=&method=&path=` (`*` for any characters) | what the brokers were asked, in full |
 * | `DELETE /control/calls` | – | forgets them |
 * | `POST /control/apps` | `{broker, apiKey, apiSecret, redirectUrl, userId?, userIds?, approvedForRefresh?}` | registers or changes an app |
 * | `POST /control/users` | `{broker, userId, password, pin?, totpSeed, name, email}` | adds or changes a user |
 * | `POST /control/sessions` | `{broker, apiKey, userId, accessToken, kind?, expiresAt}` | adopts a session of an earlier run |
 * | `POST /control/kill-session` | `{broker, apiKey, kind?}` | ends a session from outside, as a master logout or the morning flush does; with `kind: "refresh"` the refresh token |
 *
 * @example
 * ```sh
 * curl -s http://127.0.0.1:7890/control/faults -H 'content-type: application/json' \
 *   -d '{"broker":"kite","match":{"path":"/session/token"},"kind":"answer_lost"}'
 * ```
 */
export function control(controlled: Controlled, call: ControlCall): Answer {
  try {
    checkOrigin(controlled.simulator, call)
    const found = findRoute(routes, call.method, call.path)
    if (found.kind === 'no_path') throw new BhorError('not_found', 'The simulator has no such control.')
    if (found.kind === 'no_method')
      throw new BhorError('method_not_allowed', 'This control has another method.')
    return jsonAnswer(200, found.route.handle(controlled, call) ?? { done: true })
  } catch (error) {
    const { code, message: detail, hint, httpStatus: status } = toBhorError(error)
    const headers = { 'content-type': 'application/problem+json' }
    return { ...jsonAnswer(status, { status, code, detail, hint }), headers }
  }
}

/** A web page must not steer: it cannot forge Host (DNS rebinding) nor Origin. */
function checkOrigin({ url, port }: Simulator, { headers }: ControlCall): void {
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`)
  if (!hosts.includes(headers.host ?? '')) {
    throw new BhorError('host_not_allowed', 'The control endpoint answers on its own address only.', {
      hint: `Use ${url}.`,
    })
  }
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) {
    throw new BhorError('cross_site_blocked', 'Another web page may not control the simulator.')
  }
}

function readBody(call: ControlCall): Json {
  if (!/^application\/json\b/.test(call.headers['content-type'] ?? '')) {
    throw new BhorError('json_only', 'The control endpoint takes JSON.')
  }
  return parseJson(call.body, { strictFields: true })
}

function state({ simulator, brokers, armed }: Controlled): unknown {
  const now = simulator.clock.now()
  return {
    notice: 'bhor simulator – not a broker, no real money',
    url: simulator.url,
    now: now.toString(),
    brokers: Object.fromEntries(
      [...brokers].map(([id, { world }]) => [
        id,
        {
          hosts: simulator.hosts(id),
          apps: world.apps.all(),
          users: world.users.all().map((user) => ({
            ...user,
            totpNow: totpCode(user.totpSeed, now),
            codeSent: world.codeSentTo(user.userId),
          })),
          sessions: world.sessions.live(),
        },
      ]),
    ),
    faults: armed().map(({ fault, left }) => ({ ...fault, left: Number.isFinite(left) ? left : 'always' })),
    calls: simulator.calls().length,
  }
}

function setClock({ simulator }: Controlled, call: ControlCall): unknown {
  const shape = { advanceMs: 'number?', set: 'text?', misdateMs: 'number?' } as const
  const { advanceMs, set, misdateMs } = shaped(readBody(call), shape)
  if ([advanceMs, set, misdateMs].filter((given) => given !== undefined).length !== 1)
    throw new BhorError('bad_field', 'Give one of advanceMs, set and misdateMs.')
  try {
    if (set !== undefined) simulator.clock.set(set)
    else if (misdateMs !== undefined) simulator.clock.misdate(misdateMs)
    else simulator.clock.advance(advanceMs!)
  } catch (cause) {
    if (isBhorError(cause)) throw cause
    throw new BhorError('bad_field', 'No such time. An instant looks like 2026-11-24T00:30:00Z.', { cause })
  }
  return { now: simulator.clock.now().toString() }
}

function addFault({ simulator }: Controlled, call: ControlCall): unknown {
  const fault = shaped(readBody(call), {
    id: 'text?',
    broker: 'text?',
    match: 'object?',
    kind: 'text',
    times: 'times?',
    probability: 'number?',
    status: 'number?',
    delayMs: 'number?',
    location: 'text?',
  })
  const match = fault.match && shaped(fault.match, { method: 'text?', path: 'text?' })
  return simulator.faults.add({ ...fault, match } as Fault)
}

function listCalls({ simulator }: Controlled, { query }: ControlCall): unknown {
  const asked = (name: string) => query.get(name) ?? undefined
  return { calls: simulator.calls({ broker: asked('broker'), method: asked('method'), path: asked('path') }) }
}

function registerApp({ simulator }: Controlled, call: ControlCall): unknown {
  const body = shaped(readBody(call), {
    broker: 'text',
    apiKey: 'text',
    apiSecret: 'text',
    redirectUrl: 'text',
    userId: 'text?',
    userIds: 'texts?',
    approvedForRefresh: 'boolean?',
  })
  return simulator.registerApp(body)
}

function addUser({ simulator }: Controlled, call: ControlCall): unknown {
  const body = shaped(readBody(call), {
    broker: 'text',
    userId: 'text',
    password: 'text',
    pin: 'text?',
    totpSeed: 'text',
    name: 'text',
    email: 'text',
  })
  return simulator.addUser(body)
}

const sessionShape = {
  broker: 'text',
  apiKey: 'text',
  userId: 'text',
  accessToken: 'text',
  kind: 'text?',
  expiresAt: 'text',
} as const

function adoptSession({ simulator }: Controlled, call: ControlCall): unknown {
  return simulator.adoptSession(shaped(readBody(call), sessionShape))
}

function killSession({ simulator }: Controlled, call: ControlCall): unknown {
  const { broker, apiKey, kind } = shaped(readBody(call), { broker: 'text', apiKey: 'text', kind: 'text?' })
  return { wasLive: simulator.killSession(broker, apiKey, kind) }
}
