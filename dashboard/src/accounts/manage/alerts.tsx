import { useSignal } from '@preact/signals'
import type { AlertChannelView } from '../../../../src/contracts/alerts.ts'
import type { AccountView } from '../../../../src/contracts/api.ts'
import { call } from '../../api.ts'
import { Trail } from '../../audit/trail.tsx'
import { useLive } from '../../live/use-live.ts'
import { Panel } from '../../parts/panel.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { addressOf } from '../../place.ts'
import { now } from '../../time/clock.ts'
import { whenText } from '../../time/ist.ts'
import { words } from '../../words/manage.ts'

/** Who hears of this account, and what they were told. */
export function Alerts({ account }: { readonly account: AccountView }) {
  const channels = useSignal<readonly AlertChannelView[] | null>(null)
  const said = words.manage.alerts
  const problem = useLive(
    async () => {
      channels.value = await call('GET /v1/alerts')
    },
    ({ event, data }) => event === 'house.changed' && data.change === 'alerts',
  )
  const hearing = channels.value?.filter(
    ({ accounts }) => accounts === null || accounts.includes(account.account),
  )
  return (
    <>
      <Panel title={said.channels}>
        <ProblemNote problem={problem.value} />
        {hearing === undefined && problem.value === null && <p class="loading">{said.reading}</p>}
        {hearing?.length === 0 && <p>{said.nobody}</p>}
        {hearing !== undefined && hearing.length > 0 && (
          <Channels account={account.account} channels={hearing} />
        )}
        <p>
          <a href={addressOf('settings', 'alerts')}>{said.add}</a>
        </p>
      </Panel>
      <Panel title={said.told}>
        <Trail isPart key={account.account} wish={{ account: account.account, kind: 'alert' }} />
      </Panel>
    </>
  )
}

function Channels({
  account,
  channels,
}: {
  readonly account: string
  readonly channels: readonly AlertChannelView[]
}) {
  const { caption, columns, severities, states, noQuiet, quiet: quietText, notYet } = words.manage.alerts
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, also by keyboard
    <section class="table-scroll" tabIndex={0} aria-label={caption(account)}>
      <table class="list-table">
        <caption>{caption(account)}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.channel}</th>
            <th scope="col">{columns.where}</th>
            <th scope="col">{columns.least}</th>
            <th scope="col">{columns.quiet}</th>
            <th scope="col">{columns.last}</th>
          </tr>
        </thead>
        <tbody>
          {channels.map(({ name, kind, target, leastSeverity, quiet, state, lastDelivery, lastFailure }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                {kind} · {target}
              </td>
              <td>{severities[leastSeverity]}</td>
              <td>{quiet === null ? noQuiet : quietText(quiet.from, quiet.until)}</td>
              <td>
                {state === 'failing' || state === 'damaged'
                  ? [states[state], lastFailure?.text].filter(Boolean).join(': ')
                  : lastDelivery === null
                    ? notYet
                    : whenText(lastDelivery, now.value)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
