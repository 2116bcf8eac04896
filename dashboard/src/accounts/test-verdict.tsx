import type { TestResult } from '../../../src/contracts/api.ts'
import { words } from '../words/words.ts'

const tones = { valid: 'green', invalid: 'red', unknown: 'amber' } as const

/** What a test found: the verdict, whose session it is, and the next step. */
export function TestVerdict({ result }: { readonly result: TestResult }) {
  return (
    <div class="note" data-tone={tones[result.verdict]} data-verdict={result.verdict} role="status">
      <p class="note-text">
        {words.accounts.verdicts[result.verdict]} {result.text}
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
        {result.code} · {words.time.took(result.tookMs)}
      </p>
    </div>
  )
}
