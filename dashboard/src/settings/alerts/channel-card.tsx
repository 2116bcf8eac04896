import { useSignal } from '@preact/signals'
import type { AlertChannelView } from '../../../../src/contracts/alerts.ts'
import { toast } from '../../announce.ts'
import { call } from '../../api.ts'
import { Badge, type Shape, type Tone } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { Facts } from '../../parts/facts.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAction } from '../../parts/use-action.ts'
import { now } from '../../time/clock.ts'
import { istClock, whenText } from '../../time/ist.ts'
import { words } from '../../words/settings.ts'
import { ChannelDialog } from './channel-dialog.tsx'

const said = words.settings.channel

const looks = {
  new: ['grey', 'ring'],
  working: ['green', 'tick'],
  failing: ['red', 'triangle'],
  damaged: ['red', 'cross'],
} as const satisfies Record<AlertChannelView['state'], readonly [Tone, Shape]>

/** One channel: how it stands, what it is told, and what can be done with it. */
export function ChannelCard({
  channel,
  onChange,
}: {
  readonly channel: AlertChannelView
  readonly onChange: () => Promise<void>
}) {
  const asked = useSignal<'edit' | 'remove' | null>(null)
  const deliveredAt = useSignal<string | null>(null)
  const { isBusy, problem, run } = useAction()
  const { name, kind, target, state, lastDelivery, lastFailure, lastCheck } = channel
  const { waiting, quiet, accounts, leastSeverity } = channel
  const [tone, shape] = looks[state]
  const test = async () => {
    deliveredAt.value = null
    await run(async () => {
      const { at } = await call('POST /v1/alerts/{id}/test', { params: { id: name } })
      deliveredAt.value = at
    })
    await onChange()
  }
  const remove = async () => {
    await call('DELETE /v1/alerts/{id}', { params: { id: name } })
    toast(said.removed(name))
    await onChange()
  }
  const close = () => {
    asked.value = null
  }
  const when = (at: string | null) => at && whenText(at, now.value)
  return (
    <li class="card" data-channel={name} data-state={state}>
      <div class="card-head">
        <h2 class="card-name">{name}</h2>
        <Badge look={{ tone, shape, word: said.states[state] }} />
        <p class="card-broker">{state === 'damaged' ? said.damaged : `${said.kinds[kind][0]} · ${target}`}</p>
      </div>
      {state !== 'damaged' && (
        <>
          <Facts
            rows={[
              [said.last, when(lastDelivery) ?? said.never],
              [said.failed, lastFailure && `${when(lastFailure.at)}: ${lastFailure.text}`],
              [said.looked, when(lastCheck)],
              [said.waiting, waiting > 0 ? String(waiting) : null],
              [said.least, said.severities[leastSeverity][0]],
              [said.about, accounts?.join(', ') ?? said.all],
              [said.quiet, quiet && `${quiet.from}–${quiet.until}`],
            ]}
          />
          <details class="told">
            <summary>{said.tells}</summary>
            <ul>
              {channel.tells.map((each) => (
                <li key={each}>{said.kindWords[each]}</li>
              ))}
            </ul>
          </details>
        </>
      )}
      <ProblemNote problem={problem.value} />
      {deliveredAt.value !== null && (
        <p class="note" data-tone="green" role="status">
          {said.tested(`${istClock(Date.parse(deliveredAt.value))} IST`)}
        </p>
      )}
      <div class="actions">
        {state !== 'damaged' && (
          <>
            <Button onPress={() => void test()} isBusy={isBusy.value}>
              {said.test}
            </Button>
            <Button
              look="quiet"
              onPress={() => {
                asked.value = 'edit'
              }}
            >
              {said.edit}
            </Button>
          </>
        )}
        <Button
          look="quiet"
          onPress={() => {
            asked.value = 'remove'
          }}
        >
          {said.remove}
        </Button>
      </div>
      {asked.value === 'edit' && <ChannelDialog before={channel} onClose={close} onSaved={onChange} />}
      {asked.value === 'remove' && (
        <ConfirmDialog
          title={said.removeTitle(name)}
          text={said.removeText}
          action={said.remove}
          act={remove}
          onClose={close}
        />
      )}
    </li>
  )
}
