import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { sandboxEchoPath } from '../contracts/sandbox.ts'
import type { Clock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { httpDate } from '../core/instant.ts'
import { istZone } from '../core/ist.ts'
import { type Answer, jsonAnswer } from './answer.ts'
import { fitsCall, type SimulatedBroker } from './broker.ts'
import { readFields } from './call.ts'
import type { ControlCall } from './control.ts'
import { deliver, send } from './delivery.ts'
import { type Faults, isNotifierFault, type Target } from './faults.ts'
import type { History } from './history.ts'
import type { SimulatedBrokerModule } from './module.ts'
import { escapeHtml, page } from './pages.ts'

/** `import 'node:http'` costs 45 ms and 15 MB, because it pulls in the bundled undici (nodejs/node#59686). */
const { createServer } = process.getBuiltinModule('node:http')

const mostBodyBytes = 1024 * 1024

export interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly clock: Clock
  readonly now: () => Temporal.Instant
  /** For the `Date` header, epoch milliseconds. */
  readonly dateMs: () => number
  readonly brokers: ReadonlyMap<string, SimulatedBroker>
  readonly faults: Faults
  readonly history: History
  readonly control: (call: ControlCall) => Answer
}

/**
 * One port for each broker, in their order from `port` on. The first one also serves `/control/*` and a page that
 * says what this is.
 */
export async function startServer(
  options: ServerOptions,
): Promise<{ readonly ports: ReadonlyMap<string, number>; close(): Promise<void> }> {
  if (options.port + options.brokers.size > 65_536)
    throw new BhorError('config_invalid', 'There are not enough ports for every simulated broker.', {
      hint: 'Set simulator_port to a smaller number.',
    })
  await using opening = new AsyncDisposableStack()
  const ports = new Map<string, number>()
  for (const broker of options.brokers.values()) {
    const isFirst = ports.size === 0
    const server = createServer((request, response) => {
      serve(options, broker, isFirst, request, response).catch(() => response.destroy())
    })
    await listen(server, options, broker, options.port && options.port + ports.size)
    opening.defer(() => closed(server))
    const address = server.address()
    ports.set(broker.module.id, typeof address === 'object' && address ? address.port : options.port)
  }
  const open = opening.move()
  return { ports, close: () => open.disposeAsync() }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function listen(server: Server, { host, brokers }: ServerOptions, broker: SimulatedBroker, port: number) {
  return new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const { name } = broker.module
      const hint = `Set simulator_port to the first of ${brokers.size} free ports in a row.`
      reject(
        cause.code === 'EADDRINUSE'
          ? new BhorError('port_in_use', `Port ${port} is taken, the simulated ${name} cannot start.`, {
              hint,
              cause,
            })
          : new BhorError('config_invalid', 'The simulator cannot listen on this address.', { cause }),
      )
    })
    server.listen({ host, port, ipv6Only: true }, resolve)
  })
}

async function serve(
  options: ServerOptions,
  broker: SimulatedBroker,
  isFirst: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('date', httpDate(options.dateMs()))
  const url = URL.parse(request.url ?? '/', 'http://simulator')
  const body = await readBody(request)
  if (!url || body === undefined) {
    send(response, jsonAnswer(url ? 413 : 400, { message: 'The simulator cannot read this request.' }))
    return
  }
  const method = request.method ?? 'GET'
  const headers = readHeaders(request)
  const { pathname: path, searchParams: query } = url
  if (isFirst && path.startsWith('/control/')) {
    send(response, options.control({ method, path, query, headers, body }))
    return
  }
  if (path === sandboxEchoPath) {
    send(response, addressAnswer(request.socket.remoteAddress))
    return
  }
  if (isFirst && path === '/') {
    send(response, welcome(options.brokers))
    return
  }
  const { history, faults, clock } = options
  const { module } = broker
  const asked = { method, path, headers, body, fields: readFields(headers['content-type'] ?? '', body) }
  const recorded = history.record({
    ...asked,
    at: options.now(),
    broker: module.id,
    query: Object.fromEntries(query),
  })
  const isOrder = fitsCall(module.orders, asked)
  const isExchange = fitsCall(module.exchanges, asked)
  const isApproval = fitsCall(module.approvals ?? [], asked)
  const night = nightOf(module, asked, options.now())
  const fault = faults.strike({ broker: module.id, method, path, isOrder, isExchange, isApproval, night })
  if (fault) {
    recorded.fault = fault.kind
    if (fault.id !== undefined) recorded.faultId = fault.id
  }
  const call = {
    ...asked,
    query,
    grantsWrongUser: fault?.kind === 'wrong_user',
    ...(fault && isNotifierFault(fault.kind)
      ? { notifier: { kind: fault.kind, delayMs: fault.delayMs } }
      : {}),
  }
  const act = () => broker.answer(call)
  const status = await deliver({ response, clock, fault, broker, isOrder, act })
  if (status !== undefined) recorded.status = status
}

/** What services on the internet that say the address of who asks answer. */
function addressAnswer(address = ''): Answer {
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: `${address}\n` }
}

function nightOf(
  { night }: SimulatedBrokerModule,
  asked: { readonly method: string; readonly path: string },
  now: Temporal.Instant,
): Target['night'] {
  const clock = now.toZonedDateTimeISO(istZone).toPlainTime().toString()
  if (!night || clock < night.from || clock >= night.to) return 'open'
  return fitsCall(night.calls, asked) ? 'closed for this' : 'closed'
}

/** Undefined when the body is longer than any broker's caller would send. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= mostBodyBytes) chunks.push(chunk)
  }
  return size > mostBodyBytes ? undefined : Buffer.concat(chunks).toString('utf8')
}

function readHeaders(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}

function welcome(brokers: ReadonlyMap<string, SimulatedBroker>): Answer {
  const list = [...brokers.values()].map(
    ({ module, world }) => `<dt>${escapeHtml(module.name)}</dt><dd>${escapeHtml(world.origin())}</dd>`,
  )
  return page(
    'bhor simulator',
    `<h1>Simulated brokers</h1>
<dl>${list.join('')}</dl>
<p>They know fake people only, forget everything when they stop, and misbehave on request.</p>
<p><a href="/control/state">What they know now</a></p>`,
  )
}
