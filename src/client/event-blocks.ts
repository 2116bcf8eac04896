import type { FeedEvent } from '../contracts/events.ts'
import type { Heard } from './line.ts'

/** https://html.spec.whatwg.org/multipage/server-sent-events.html, as far as bhor writes it. */
export async function* blocksOf(texts: AsyncIterable<string>): AsyncGenerator<Heard, void> {
  let rest = ''
  for await (const text of texts) {
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) yield blockOf(block)
  }
}

function blockOf(text: string): Heard {
  const fields = new Map(text.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]))
  const [id, event, data] = ['id', 'event', 'data'].map((name) => fields.get(name))
  return {
    ...(id === undefined ? {} : { id }),
    ...(event === undefined || data === undefined
      ? {}
      : { event: { event, data: JSON.parse(data) } as FeedEvent }),
  }
}
