import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import type { AccountView, LoginStarted } from '../../src/contracts/api.ts'
import { type Doors, openDoors } from './doors.ts'
import type { WorldOptions } from './world.ts'

const http = process.getBuiltinModule('node:http')
const https = process.getBuiltinModule('node:https')

export interface Knock {
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string | Uint8Array
  /** Whom to believe where the porch speaks TLS. */
  readonly ca?: string
}
export interface PorchAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** A whole bhor with its porch open on a free port. */
export interface PorchHouse extends AsyncDisposable {
  readonly doors: Doors
  /** `http://127.0.0.1:54321` */
  readonly porch: string
  knock(method: string, path: string, knock?: Knock): Promise<PorchAnswer>
  /** Starts an approval of `demo`, which is then asked for on the phone. */
  ask(): Promise<LoginStarted>
  /** What the person taps at the simulated broker, for the newest request; resolves when the phone says so. */
  press(answer?: 'approve' | 'reject'): Promise<void>
  /** The same; resolves when all was posted, with the answers. */
  tap(answer?: 'approve' | 'reject'): Promise<readonly number[]>
  account(): Promise<AccountView>
}

export async function openPorch(options: WorldOptions = {}): Promise<PorchHouse> {
  const env = { BHOR_PORCH_PORT: '0', ...options.env }
  const doors = await openDoors({ ...options, env })
  const { world } = doors
  const porch = doors.server.porch!
  const { app } = world
  const press = async (answer: 'approve' | 'reject' = 'approve') => {
    const asked = world.simulator.approvals('upstox').at(-1)
    assert.ok(asked, 'nothing is asked on the phone')
    const { api = '' } = world.simulator.hosts('upstox')
    const body = new URLSearchParams({ answer })
    const reply = await fetch(`${api}/approvals/${asked.id}`, { method: 'POST', body })
    assert.equal(reply.status, 200)
  }
  return {
    doors,
    porch,
    knock: (method, path, knock = {}) => ask(porch, method, path, knock),
    ask: () => app.desk.logins.start(app.operator, 'demo', { via: 'api', method: 'approval' }),
    press,
    async tap(answer) {
      await press(answer)
      return world.simulator.posted()
    },
    account: () => app.desk.accounts.get(app.operator, 'demo'),
    [Symbol.asyncDispose]: () => doors[Symbol.asyncDispose](),
  }
}

/** One request on a connection of its own. */
export function ask(
  origin: string,
  method: string,
  path: string,
  { headers = {}, body, ca }: Knock = {},
): Promise<PorchAnswer> {
  const url = new URL(origin)
  const { request } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        ...{ host: url.hostname, port: url.port, method, path, agent: false },
        headers: { host: url.host, ...headers },
        ...(ca === undefined ? {} : { ca }),
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
        })
      },
    )
    asking.on('error', reject).end(body)
  })
}
