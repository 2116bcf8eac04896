import { tryParseJson } from '../core/json.ts'
import type { NotifierFault } from './faults.ts'

/** One request as a simulated broker sees it. */
export interface Call {
  readonly method: string
  /** E.g. `/session/token`. Still percent-encoded. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The fields of a form or of a JSON object; empty for any other body. */
  readonly fields: Readonly<Record<string, unknown>>
  /** The fault `wrong_user` struck: an exchange grants the session of another person. */
  readonly grantsWrongUser: boolean
  /** The fault that struck the post of an approval. */
  readonly notifier?: { readonly kind: NotifierFault; readonly delayMs?: number | undefined }
}

/** A field or parameter as text, `''` when it is missing or has no plain value. */
export function textOf(from: URLSearchParams | Readonly<Record<string, unknown>>, name: string): string {
  const value = from instanceof URLSearchParams ? from.get(name) : Object.hasOwn(from, name) ? from[name] : ''
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

/** Reads a body by its content type: forms and JSON objects have fields, everything else has none. */
export function readFields(contentType: string, body: string): Record<string, unknown> {
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body))
  }
  const parsed = contentType.startsWith('application/json') ? tryParseJson(body) : undefined
  return parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed) ? parsed : {}
}
