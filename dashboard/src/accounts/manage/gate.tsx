import type { AccountView, GateCause } from '../../../../src/contracts/api.ts'
import { call } from '../../api.ts'
import { Trail } from '../../audit/trail.tsx'
import { Button } from '../../parts/button.tsx'
import { Check } from '../../parts/check.tsx'
import { Field } from '../../parts/field.tsx'
import { Form, useDraft } from '../../parts/form.tsx'
import { focusFault, readForm } from '../../parts/form-text.ts'
import { Panel } from '../../parts/panel.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAction } from '../../parts/use-action.ts'
import { placeProblem } from '../../problem-place.ts'
import { now } from '../../time/clock.ts'
import { whenText } from '../../time/ist.ts'
import { words } from '../../words/manage.ts'
import { loadAccounts } from '../accounts.ts'

/** May it trade now, and if not, why; the pause, and what closed and opened the gate before. */
export function Gate({ account }: { readonly account: AccountView }) {
  const { gate } = account
  const said = words.manage.gate
  const closing = gate.causes.filter(({ closes }) => closes)
  const notes = gate.causes.filter(({ closes }) => !closes)
  const isPaused = closing.some(({ reason }) => reason === 'paused')
  return (
    <>
      <Panel title={said.now}>
        <p class="lead" data-gate={gate.state}>
          <span class="badge" data-tone={gate.state === 'open' ? 'green' : 'amber'}>
            {said[gate.state]}
          </span>{' '}
          {gate.state === 'open' ? said.openText : gate.text}
          {gate.since !== null && <span class="fine">{said.since(whenText(gate.since, now.value))}</span>}
        </p>
        <Causes title={said.causes} causes={closing} />
        <Causes title={said.notes} causes={notes} />
      </Panel>
      <Pause account={account} isPaused={isPaused} />
      <Panel title={said.history}>
        <Trail isPart wish={{ account: account.account, kind: 'gate' }} />
      </Panel>
    </>
  )
}

function Causes({ title, causes }: { readonly title: string; readonly causes: readonly GateCause[] }) {
  const said = words.manage.gate
  if (causes.length === 0) return null
  return (
    <>
      <h3 class="section-title">{title}</h3>
      <ul class="causes">
        {causes.map(({ reason, closes, text, until, next }) => (
          <li key={reason} class="cause" data-tone={closes ? 'amber' : 'grey'} data-reason={reason}>
            <p>{text}</p>
            {until !== null && closes && <p class="fine">{said.until(whenText(until, now.value))}</p>}
            {next !== null && (
              <p class="fine">
                <strong>{said.next}</strong> {next}
              </p>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

function Pause({ account, isPaused }: { readonly account: AccountView; readonly isPaused: boolean }) {
  const lifting = useAction()
  const { isBusy, problem, run } = useAction()
  const draft = useDraft(`pause:${account.id}`)
  const withhold = draft.choice('withhold', '')
  const said = words.manage.gate
  const params = { account: account.account }
  const place = placeProblem(problem.value, ['reason', 'until'])
  const errorOf = (field: string) => (place === field ? problem.value?.detail : null)
  const resume = async () => {
    await call('PUT /v1/accounts/{account}/gate', { params, body: { state: 'open' } })
    await loadAccounts()
  }
  const pause = async (form: HTMLFormElement) => {
    const { reason, until } = readForm(form)
    const isDone = await run(async () => {
      await call('PUT /v1/accounts/{account}/gate', {
        params,
        body: {
          state: 'closed',
          ...(reason === undefined ? {} : { reason }),
          // India has one zone, and no daylight saving.
          ...(until === undefined ? {} : { until: `${until}+05:30` }),
          ...(withhold.value === 'yes' ? { withhold: true } : {}),
        },
      })
      draft.startOver()
      await loadAccounts()
    })
    if (!isDone) focusFault(form)
  }
  return (
    <Panel title={isPaused ? said.paused : said.stop}>
      {isPaused ? (
        <>
          <ProblemNote problem={lifting.problem.value} />
          <div class="actions">
            <Button look="primary" onPress={() => void lifting.run(resume)} isBusy={lifting.isBusy.value}>
              {said.resume}
            </Button>
          </div>
          <p class="fine">
            {said.resumeText} {said.again}
          </p>
        </>
      ) : (
        <p>{said.stopText}</p>
      )}
      <Form draft={draft} onSend={(form) => void pause(form)}>
        <ProblemNote problem={place === null ? problem.value : null} />
        <Field name="reason" label={said.reason} help={said.reasonHelp} error={errorOf('reason')} />
        <Field
          name="until"
          type="datetime-local"
          label={said.untilLabel}
          help={said.untilHelp}
          error={errorOf('until')}
        />
        <Check label={said.withhold} help={said.withholdHelp} chosen={withhold} />
        <div class="actions">
          <Button look="danger" type="submit" isBusy={isBusy.value}>
            {said.pause}
          </Button>
        </div>
      </Form>
    </Panel>
  )
}
