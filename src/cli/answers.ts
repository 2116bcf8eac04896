import type { PromptView } from '../contracts/api.ts'
import { BhorError } from '../core/errors.ts'
import { askSecret, askText } from './ask.ts'
import type { StdinLines } from './stdin-lines.ts'
import { terminal } from './terminal.ts'

/** The answers to a login's questions: from the person at the terminal, else from lines `name=value` on stdin. */
export class Answers {
  readonly #lines: StdinLines
  readonly #read = new Map<string, string>()

  constructor(lines: StdinLines) {
    this.#lines = lines
  }

  /** @throws BhorError `needs_terminal`, `cancelled`, `usage` */
  async to(asks: readonly PromptView[], signal: AbortSignal): Promise<Record<string, string>> {
    const answers: Record<string, string> = {}
    for (const prompt of asks) answers[prompt.name] = await this.#to(prompt, asks, signal)
    return answers
  }

  async #to(prompt: PromptView, asks: readonly PromptView[], signal: AbortSignal): Promise<string> {
    if (terminal.canAsk) return prompt.secret ? askSecret(prompt.label) : askText(prompt.label)
    while (!this.#read.has(prompt.name)) {
      const line = await this.#lines.next(signal)
      if (line === undefined) throw notAnswered(asks)
      const at = line.indexOf('=')
      if (at < 1) throw new BhorError('usage', 'A line on stdin is not name=value.', { hint: lineHint(asks) })
      this.#read.set(line.slice(0, at).trim(), line.slice(at + 1))
    }
    const answer = this.#read.get(prompt.name) ?? ''
    // An answer counts once: the next login asks anew.
    this.#read.delete(prompt.name)
    return answer
  }
}

function notAnswered(asks: readonly PromptView[]): BhorError {
  const labels = asks.map(({ label }) => `“${label}”`).join(', ')
  return new BhorError('needs_terminal', `The login asks for ${labels}, and there is no terminal.`, {
    hint: `${lineHint(asks)} Or store what can be stored with the account: bhor accounts edit.`,
  })
}

function lineHint(asks: readonly PromptView[]): string {
  return `Run it in a terminal, or give lines on stdin: ${asks.map(({ name }) => `${name}=…`).join(', ')}.`
}
