/** A value that must show up nowhere but in the sinks that are made for it. */
export interface Canary {
  /** What it is, e.g. `API secret of personal`. */
  readonly name: string
  readonly value: string
}

/** A place where secrets must not be: what some process printed, a file, an answer. */
export interface Sink {
  readonly name: string
  readonly content: Buffer
  /** The canaries that it is made to carry, by their values. */
  readonly allows?: (canary: Canary) => boolean
}

export interface Hit {
  readonly canary: string
  readonly form: string
  readonly sink: string
}

/** Every canary in every form against every sink. */
export function scan(canaries: readonly Canary[], sinks: readonly Sink[]): Hit[] {
  const hits: Hit[] = []
  for (const canary of canaries) {
    const forms = formsOf(canary.value)
    for (const sink of sinks) {
      if (sink.allows?.(canary)) continue
      for (const [form, bytes] of forms)
        if (sink.content.includes(bytes)) hits.push({ canary: canary.name, form, sink: sink.name })
    }
  }
  return hits
}

/** How a value can look when it leaves by accident; base64 at each of the three offsets inside something larger. */
export function formsOf(value: string): Map<string, Buffer> {
  const bytes = Buffer.from(value, 'utf8')
  const forms = new Map<string, Buffer>([
    ['plain', bytes],
    ['utf-16', Buffer.from(value, 'utf16le')],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ['HEX', Buffer.from(bytes.toString('hex').toUpperCase())],
    ['url', Buffer.from(encodeURIComponent(value))],
    ['json', Buffer.from(JSON.stringify(value).slice(1, -1))],
    ['html', Buffer.from(value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'))],
  ])
  for (const offset of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replaceAll('=', '')
    // The first and the last characters depend on the neighbours.
    const inner = text.slice(offset === 0 ? 0 : offset + 1, -2)
    forms.set(`base64 at ${offset}`, Buffer.from(inner))
    forms.set(`base64url at ${offset}`, Buffer.from(inner.replaceAll('+', '-').replaceAll('/', '_')))
  }
  return forms
}
