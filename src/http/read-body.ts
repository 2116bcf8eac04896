import type { IncomingMessage } from 'node:http'
import { BhorError } from '../core/errors.ts'
import { type Json, parseJson } from '../core/json.ts'
import type { HttpRequest } from './request.ts'

const longestBodyBytes = 64 * 1024
const deepestBody = 20
/** Neither the case nor the quotes of a charset count, and a parameter may be left empty (RFC 9110, 5.6.6 and 8.3). */
const jsonType = /^application\/json([ \t]*;([ \t]*charset=(utf-?8|"utf-?8"))?)*[ \t]*$/i

/**
 * The JSON object of a request, strictly read; an empty body is an empty object.
 *
 * @throws BhorError `json_only`, `too_large`, `not_utf8`, `bad_json`, `too_deep`, `duplicate_field`, `bad_field`
 */
export async function readBody(
  request: HttpRequest,
  longestBytes = longestBodyBytes,
): Promise<Record<string, Json>> {
  const contentType = request.header('content-type')
  const isJson = contentType !== undefined && jsonType.test(contentType)
  // Also without a body: a form of another page can send an empty one.
  if (contentType !== undefined && !isJson) throw new BhorError('json_only', 'The body must be JSON.')
  if (Number(request.header('content-length') ?? 0) > longestBytes) throw tooLarge(longestBytes)
  const { source } = request
  const bytes =
    typeof source === 'string' ? Buffer.from(source) : await readBytes(request.body()!, longestBytes)
  if (bytes.length === 0) return {}
  if (!isJson) throw new BhorError('json_only', 'The body must be JSON.')
  const body = parseJson(decode(bytes), { maxDepth: deepestBody, strictFields: true })
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new BhorError('bad_field', 'The body must be a JSON object.')
  }
  return body
}

/** Not by `for await`: leaving that early would end the connection before it is answered. */
function readBytes(message: IncomingMessage, longestBytes: number): Promise<Buffer> {
  if (message.readableEnded) return Promise.resolve(Buffer.alloc(0))
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const take = (chunk: Buffer) => {
      size += chunk.length
      if (size <= longestBytes) return void chunks.push(chunk)
      // What is still to come is read and dropped, for as long as a request may take.
      message.off('data', take).resume()
      reject(tooLarge(longestBytes))
    }
    message.on('data', take)
    message.once('end', () => resolve(Buffer.concat(chunks)))
    const breakOff = () => reject(new BhorError('bad_framing', 'The body broke off.'))
    if (message.destroyed) return breakOff()
    message.once('close', breakOff)
  })
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new BhorError('not_utf8', 'The body is not UTF-8.')
  }
}

function tooLarge(longestBytes: number): BhorError {
  return new BhorError('too_large', `The body is larger than ${longestBytes / 1024} KiB.`)
}
