import type { SessionView } from '../../../src/contracts/api.ts'
import { now } from '../time/clock.ts'
import { endsWords, lifeGone } from '../time/ist.ts'

/** The session's day as a line with its sun, and in words. */
export function LifeLine({ session }: { readonly session: SessionView }) {
  const end = session.endedAt ?? session.expiresAt
  const gone = lifeGone(session.loginTime, end, now.value)
  const at = `${(2 + gone * 96).toFixed(2)}%`
  return (
    <div class="life">
      <svg class="life-line" aria-hidden="true">
        <line class="life-all" x1="2%" x2="98%" y1="50%" y2="50%" />
        <line class="life-gone" x1="2%" x2={at} y1="50%" y2="50%" />
        <circle class="life-sun" cx={at} cy="50%" r="5" />
      </svg>
      <p class="life-text">
        {endsWords(end, now.value).map((words) => (
          <span key={words.slice(0, 4)}>{words} </span>
        ))}
      </p>
    </div>
  )
}
