import type { AccountView, TestResult } from '../../../../src/contracts/api.ts'
import { Button } from '../../parts/button.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Panel } from '../../parts/panel.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAction } from '../../parts/use-action.ts'
import { now } from '../../time/clock.ts'
import { whenText } from '../../time/ist.ts'
import { words } from '../../words/manage.ts'
import { locale } from '../../words/words.ts'
import { tests } from '../tests.ts'

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
const tones = { valid: 'green', invalid: 'red', unknown: 'amber' } as const

/** Asks the broker, and says what came: who it is, how long it took; or what went wrong, why, and what to do. */
export function TestConnection({ account }: { readonly account: AccountView }) {
  const { isBusy, problem, run } = useAction()
  const result = tests.of(account)
  const said = words.manage.test
  const { card } = words.accounts
  const { lastProbe, lastFault } = account
  return (
    <>
      <Panel title={said.title}>
        <p>{said.text(account.brokerName)}</p>
        <div class="actions">
          <Button look="primary" onPress={() => void run(() => tests.run(account))} isBusy={isBusy.value}>
            {words.accounts.actions.test}
          </Button>
        </div>
        <ProblemNote problem={problem.value} />
        {result !== undefined && <Verdict result={result} />}
      </Panel>
      <Panel title={said.before}>
        {lastProbe === null && lastFault === null && <p class="fine">{said.never}</p>}
        <Facts
          rows={[
            [
              said.lastCheck,
              lastProbe && card.checked(card.verdicts[lastProbe.verdict], whenText(lastProbe.at, now.value)),
            ],
            [
              said.lastFault,
              lastFault && card.fault(lastFault.detail, lastFault.code, whenText(lastFault.at, now.value)),
            ],
          ]}
        />
      </Panel>
    </>
  )
}

function Verdict({ result }: { readonly result: TestResult }) {
  const { verdict, text, hint, profile, code, tookMs, generation } = result
  const said = words.manage.test
  const person = profile && [profile.userName, profile.userId, profile.email].filter((part) => part !== '')
  return (
    <div class="note" data-tone={tones[verdict]} data-verdict={verdict} role="status">
      <p class="note-text">
        {said.verdicts[verdict]} {text}
      </p>
      {hint && (
        <p>
          <strong>{said.next}:</strong> {hint}
        </p>
      )}
      <Facts
        rows={[
          [said.person, person?.join(' · ')],
          [said.latency, said.took(whole.format(tookMs))],
          [said.generation, String(generation)],
          [said.code, code === 'ok' ? undefined : <code key="code">{code}</code>],
        ]}
      />
    </div>
  )
}
