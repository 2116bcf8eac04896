import { BhorError } from '../core/errors.ts'
import type { Reply } from './reply.ts'
import type { HttpRequest } from './request.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Params = Readonly<Record<string, string>>

/** One row of the route table. */
export interface Row {
  readonly method: Method
  /** `{name}` for a segment. */
  readonly path: string
  /** HEAD is answered like GET, without the body: nothing happens by asking. */
  readonly hasHead?: true
  answer(request: HttpRequest, params: Params): Reply | Promise<Reply>
}

/** The row that answers a request; without one, the methods that its path takes, if it takes any. */
export interface Match {
  readonly row?: Row
  readonly params: Params
  readonly allowed: readonly string[]
}

/** What comes to one path, by method; segments that are spelled out go before parameters. */
interface Node {
  readonly named: Map<string, Node>
  open: Node | undefined
  readonly rows: Map<string, Row>
}
const newNode = (): Node => ({ named: new Map(), open: undefined, rows: new Map() })
const isOpen = (segment: string) => segment.startsWith('{')

/**
 * The one matcher. Segments are compared as sent; only what a parameter takes is decoded, once.
 *
 * @returns a function that throws BhorError `bad_target` for a parameter that is not UTF-8
 */
export function matcherOf(rows: readonly Row[]): (request: HttpRequest) => Match {
  const root = newNode()
  for (const row of rows) {
    let node = root
    for (const segment of row.path.split('/')) {
      const next = (isOpen(segment) ? node.open : node.named.get(segment)) ?? newNode()
      if (isOpen(segment)) node.open = next
      else node.named.set(segment, next)
      node = next
    }
    node.rows.set(row.method, row)
    if (row.hasHead) node.rows.set('HEAD', row)
  }
  return ({ method, path }) => {
    const segments = path.split('/')
    const nodes = nodesAt(root, segments, 0)
    for (const { rows } of nodes) {
      const row = rows.get(method)
      if (row) return { row, params: paramsOf(row, segments), allowed: [method] }
    }
    return { params: noParams, allowed: [...new Set(nodes.flatMap(({ rows }) => [...rows.keys()]))] }
  }
}

function nodesAt(node: Node, segments: readonly string[], at: number): Node[] {
  const segment = segments[at]
  if (segment === undefined) return node.rows.size > 0 ? [node] : []
  const named = node.named.get(segment)
  const open = segment === '' ? undefined : node.open
  if (!open) return named ? nodesAt(named, segments, at + 1) : []
  return [...(named ? nodesAt(named, segments, at + 1) : []), ...nodesAt(open, segments, at + 1)]
}

const noParams: Params = Object.freeze({})

function paramsOf({ path }: Row, segments: readonly string[]): Params {
  if (!path.includes('{')) return noParams
  const params: Record<string, string> = {}
  for (const [at, segment] of path.split('/').entries())
    if (isOpen(segment)) params[segment.slice(1, -1)] = decoded(segments[at]!)
  return params
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new BhorError('bad_target', 'The path is not encoded as UTF-8.')
  }
}
