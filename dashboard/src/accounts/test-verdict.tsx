import type { TestResult } from '../../../src/contracts/api.ts'

const looks = {
  valid: { tone: 'green', word: 'It works.' },
  invalid: { tone: 'red', word: 'It does not work.' },
  unknown: { tone: 'amber', word: 'Could not find out.' },
} as const

/** What a test found: the verdict, whose session it is, and the next step. */
export function TestVerdict({ result }: { readonly result: TestResult }) {
  const { tone, word } = looks[result.verdict]
  return (
    <div class="note" data-tone={tone} data-verdict={result.verdict} role="status">
      <p class="note-text">
        {word} {result.text}
      </p>
      {result.profile && (
        <p>
          {[result.profile.userName, result.profile.userId, result.profile.email]
            .filter((part) => part !== '')
            .join(' · ')}
        </p>
      )}
      {result.hint && <p>{result.hint}</p>}
      <p class="fine">
        {result.code} · {result.tookMs} ms
      </p>
    </div>
  )
}
