import type { Socket } from 'node:net'
import { BhorError, isBhorError } from '../core/errors.ts'
import {
  connected,
  headOf,
  isTls,
  longestProof,
  parseReply,
  proofFault,
  type Question,
  questionOf,
  readReply,
  type StreamOptions,
  type Where,
} from './wire.ts'

/** Of a stream a sign of life comes every 15 s. */
const silentForMs = 45_000

interface Asking {
  readonly key?: string | undefined
  /** Asked first, on the same connection: without the right answer the key is not sent. */
  readonly question?: Question
}

/** A GET whose answer goes on; see {@link ApiClient.stream}. */
export async function* streamed(
  where: Where,
  path: string,
  { key, question, headers = {}, signal }: StreamOptions & Asking,
): AsyncGenerator<string, void> {
  if (signal.aborted) return
  const socket = connected(where)
  const stop = () => socket.destroy()
  signal.addEventListener('abort', stop, { once: true })
  let isConnected = false
  try {
    await new Promise<void>((resolve, reject) => {
      socket
        .once('error', reject)
        .once(isTls(where) ? 'secureConnect' : 'connect', resolve)
        .once('close', resolve)
    })
    isConnected = true
    socket.setTimeout(silentForMs, stop)
    if (question) await proven(socket, where, question)
    socket.write(headOf(where, 'GET', path, key, headers))
    yield* textsOf(socket)
  } catch (error) {
    if (signal.aborted) return
    // As in `exchange`: before the connection stands, whoever asked makes sense of it.
    if (!isConnected || isBhorError(error)) throw error
    throw brokenOff(error)
  } finally {
    signal.removeEventListener('abort', stop)
    socket.destroy()
  }
}

/** Lets the server prove itself. @throws BhorError `server_unproven`; the server's own where it says that it cannot */
function proven(socket: Socket, where: Where, question: Question): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const end = (fault: BhorError | undefined) => {
      socket.off('data', take).off('close', close).pause()
      if (fault) reject(fault)
      else resolve()
    }
    const take = (chunk: Buffer) => {
      answer += chunk.toString('latin1')
      const reply = parseReply(answer, false)
      if (reply || answer.length >= longestProof) end(proofFault(question, reply))
    }
    const close = () => end(brokenOff())
    socket.on('data', take).once('close', close)
    socket.write(questionOf(where, question))
  })
}

/** The texts of an answer's body, as they come. */
async function* textsOf(socket: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  let head: { readonly status: number; readonly isChunked: boolean } | undefined
  let rest: Buffer = Buffer.alloc(0)
  for await (const bytes of socket) {
    rest = Buffer.concat([rest, bytes])
    if (!head) {
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) continue
      const text = rest.toString('latin1', 0, end)
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1])
      head = { status, isChunked: /\r\ntransfer-encoding: chunked/i.test(text) }
      // A refusal is an answer as others are.
      if (status === 200) rest = rest.subarray(end + 4)
    }
    if (head.status !== 200) continue
    for (let part = head.isChunked ? firstChunk(rest) : { bytes: rest, length: rest.length }; part; ) {
      rest = rest.subarray(part.length)
      if (part.bytes.length > 0) yield decoder.decode(part.bytes, { stream: true })
      part = rest.length === 0 ? undefined : firstChunk(rest)
    }
  }
  if (head?.status === 200) return
  const reply = parseReply(rest.toString('latin1'), true)
  if (!reply) throw brokenOff()
  readReply(reply)
}

/** A whole chunk at the start of `bytes`, and how much of them it takes. */
function firstChunk(bytes: Buffer): { readonly bytes: Buffer; readonly length: number } | undefined {
  const lineEnd = bytes.indexOf('\r\n')
  if (lineEnd < 0) return undefined
  const size = Number.parseInt(bytes.toString('latin1', 0, lineEnd), 16)
  if (Number.isNaN(size)) throw brokenOff()
  const end = lineEnd + 2 + size
  return bytes.length < end + 2 ? undefined : { bytes: bytes.subarray(lineEnd + 2, end), length: end + 2 }
}

function brokenOff(cause?: unknown): BhorError {
  return new BhorError('server_unreachable', 'The server broke off its answer.', { cause })
}
