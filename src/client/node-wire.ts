import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { type Fault, isBhorError } from './errors.ts'
import { questionFor, unproven } from './proof.ts'
import type { Wire, WireReply, WireRequest } from './wire.ts'

// Not imported: a bundle for browsers must not look for them; and see cli/wire.ts for what the imports cost.
const http = () => process.getBuiltinModule('node:http')
const net = () => process.getBuiltinModule('node:net')

const answerWithinMs = 60_000
/** Longer than any answer of ours to the question. */
const longestProof = 16 * 1024
const nobodyThere = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'ENOTDIR', 'EINVAL', 'ENAMETOOLONG'])

/** Where a desk answers: its user's socket, or an address at which a key is needed. */
export type Place = { readonly path: string } | { readonly url: URL; readonly key: string }

/** Who could have put another socket there, could read the tokens of whoever asks. */
export async function ownSocket(path: string): Promise<Place> {
  const { refuseOtherHandsOn } = await import('../config/other-hands.ts')
  refuseOtherHandsOn(path, `The socket ${path}`)
  return { path }
}

/** Over connections of Node's, a new one for each request: the server has proven itself on this very one before a key is sent. */
export function nodeWire(place: Place, fault: Fault): Wire {
  const name = 'path' in place ? `unix:${place.path}` : place.url.origin
  const noAnswer = (cause: unknown) =>
    fault('server_unreachable', 'The server broke off its answer.', { cause })
  const answered = async (request: WireRequest, signal?: AbortSignal): Promise<IncomingMessage> => {
    const socket = await connected(place, name, fault)
    const stop = () => socket.destroy()
    signal?.addEventListener('abort', stop, { once: true })
    socket.once('close', () => signal?.removeEventListener('abort', stop))
    try {
      signal?.throwIfAborted()
      if ('key' in place) await prove(socket, place, fault)
      return await responseOf(socket, place, request)
    } catch (error) {
      socket.destroy()
      throw isBhorError(error) ? error : noAnswer(error)
    }
  }
  return {
    async send(request) {
      const response = await answered(request)
      try {
        return { status: response.statusCode ?? 0, text: await joined(response) }
      } catch (error) {
        throw noAnswer(error)
      }
    },
    async stream(request, signal) {
      const response = await answered(request, signal)
      // Who only listens does not keep the process alive.
      response.socket.setTimeout(0).unref()
      return { status: response.statusCode ?? 0, texts: textsOf(response, noAnswer) }
    },
  }
}

async function connected(place: Place, name: string, fault: Fault): Promise<Socket> {
  const socket = socketTo(place)
  socket.setTimeout(answerWithinMs, () => socket.destroy(new Error('The server does not answer.')))
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject).once(isTls(place) ? 'secureConnect' : 'connect', resolve)
    })
    // From here on whoever waits for an answer hears of it.
    socket.on('error', () => {})
    return socket
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException
    const text =
      code === 'EACCES'
        ? `The bhor server at ${name} is another user’s.`
        : `No bhor server answers at ${name}.`
    const hint =
      nobodyThere.has(code) || code === 'EACCES'
        ? 'Start it: bhor serve.'
        : 'The connection is not accepted there.'
    throw fault('server_unreachable', text, { hint, facts: { sent: false }, cause })
  }
}

function socketTo(place: Place): Socket {
  if ('path' in place) return net().connect({ path: place.path })
  const host = place.url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(place.url.port || (isTls(place) ? 443 : 80))
  if (!isTls(place)) return net().connect({ host, port })
  const name = net().isIP(host) === 0 ? { servername: host } : {}
  return process.getBuiltinModule('node:tls').connect({ host, port, ...name })
}

function isTls(place: Place): boolean {
  return 'url' in place && place.url.protocol === 'https:'
}

/** @throws an error of `fault` */
async function prove(
  socket: Socket,
  { url, key }: { readonly url: URL; readonly key: string },
  fault: Fault,
): Promise<void> {
  const question = await questionFor(key, url.origin)
  const reply = await new Promise<WireReply>((resolve, reject) => {
    let answer = ''
    const take = (chunk: Buffer) => {
      answer += chunk.toString('latin1')
      const whole = replyIn(answer) ?? (answer.length > longestProof ? { status: 0, text: '' } : undefined)
      if (!whole) return
      // Not paused: what comes next is asked for first, and whoever asks listens.
      socket.off('data', take).off('close', close)
      resolve(whole)
    }
    const close = () => reject(new Error('The server broke off its answer.'))
    socket.on('data', take).once('close', close)
    socket.write(`GET ${question.target} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: keep-alive\r\n\r\n`)
  })
  if (!question.isAnsweredBy(reply)) throw unproven(fault, reply.status)
}

/** Undefined while it is not whole. The answer to the question has a length. */
function replyIn(answer: string): WireReply | undefined {
  const headEnd = answer.indexOf('\r\n\r\n')
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)
  if (headEnd < 0 || !status) return undefined
  const length = Number(/\r\ncontent-length:[ \t]*(\d+)/i.exec(answer.slice(0, headEnd))?.[1] ?? 0)
  const text = answer.slice(headEnd + 4)
  return text.length < length ? undefined : { status: Number(status[1]), text }
}

function responseOf(socket: Socket, place: Place, request: WireRequest): Promise<IncomingMessage> {
  const { method, target, headers = {}, body } = request
  const text = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const asking: ClientRequest = http().request(
      {
        createConnection: () => socket,
        method,
        path: target,
        headers: {
          host: 'url' in place ? place.url.host : 'bhor',
          ...('key' in place ? { authorization: `Bearer ${place.key}` } : {}),
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          ...headers,
        },
      },
      resolve,
    )
    asking.once('error', reject).end(text)
  })
}

async function joined(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return text
}

async function* textsOf(
  response: IncomingMessage,
  noAnswer: (cause: unknown) => Error,
): AsyncGenerator<string, void> {
  try {
    for await (const chunk of response.setEncoding('utf8')) yield chunk as string
  } catch (error) {
    throw noAnswer(error)
  } finally {
    response.destroy()
  }
}
