import type { AppOptions } from '../app/open.ts'
import { controlsEscaped } from '../core/control-characters.ts'
import { redact } from '../core/redact.ts'
import { terminal } from './terminal.ts'

type Log = NonNullable<AppOptions['log']>

/**
 * The server's log: plain lines for a person at a terminal, JSON lines for anything else. Either way the finished
 * line is scrubbed by value, which catches what redaction by field name would miss.
 */
export async function buildLog(level: string): Promise<Log> {
  if (terminal.canAsk)
    return (_level, text, facts) => terminal.say(`${text}${facts?.err ? ` (${String(facts.err)})` : ''}`)
  const { pino, destination } = await import('pino')
  const logger = pino(
    { level, base: null, hooks: { streamWrite: (line) => controlsEscaped(redact(line)) } },
    destination(2),
  )
  return (at, text, facts) => logger[at](facts ?? {}, text)
}
