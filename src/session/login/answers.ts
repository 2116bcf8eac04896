import type { Prompt, Values } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'
import { checkText } from '../ground/fields.ts'

const longestAnswer = 8192

/** What a person gave, for exactly what was asked. @throws BhorError `not_answered`, `unknown_field`, `bad_field` */
export function checkAnswers(asks: readonly Prompt[], answers: Readonly<Record<string, string>>): Values {
  const names = asks.map(({ name }) => name)
  const unknown = Object.keys(answers).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new BhorError('unknown_field', 'Something was answered that was not asked.', {
      hint: names.length > 0 ? `Asked: ${names.join(', ')}.` : 'Nothing is asked now.',
      facts: { field: 'answers' },
    })
  }
  return Object.fromEntries(asks.map((prompt) => [prompt.name, answerTo(prompt, answers)]))
}

function answerTo({ name, label }: Prompt, answers: Readonly<Record<string, string>>): string {
  const answer = (answers[name] ?? '').trim()
  if (answer !== '') return checkText(`answers.${name}`, answer, longestAnswer)
  throw new BhorError('not_answered', `“${label}” was not answered.`, { facts: { field: `answers.${name}` } })
}
