/** A route of a simulated broker; `:name` in the path stands for one segment. */
export interface Route<Handler> {
  readonly method: string
  readonly path: string
  readonly handle: Handler
}

export type Params = Readonly<Record<string, string>>

export type Found<R> =
  | { readonly kind: 'found'; readonly route: R; readonly params: Params }
  | { readonly kind: 'no_method' }
  | { readonly kind: 'no_path' }

/** The routes of a table with `METHOD /path` as keys, in its order. */
export function routesOf<Handler>(table: Readonly<Record<string, Handler>>): Route<Handler>[] {
  return Object.entries(table).map(([key, handle]) => {
    const [method = '', path = ''] = key.split(' ')
    return { method, path, handle }
  })
}

/** The first route that fits, or what is wrong: another method would do, or no such path. */
export function findRoute<R extends Route<unknown>>(
  routes: readonly R[],
  method: string,
  path: string,
): Found<R> {
  let knowsPath = false
  for (const route of routes) {
    const params = matchPath(route.path, path)
    if (!params) continue
    if (route.method === method) return { kind: 'found', route, params }
    knowsPath = true
  }
  return { kind: knowsPath ? 'no_method' : 'no_path' }
}

function matchPath(pattern: string, path: string): Params | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [i, segment] of wanted.entries()) {
    const value = given[i]!
    if (!segment.startsWith(':')) {
      if (segment !== value) return undefined
    } else {
      const decoded = decodeSegment(value)
      if (!decoded) return undefined
      params[segment.slice(1)] = decoded
    }
  }
  return params
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
