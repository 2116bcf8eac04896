import type { Signal } from '@preact/signals'
import type { Problem } from '../../../src/contracts/api.ts'
import { accounts } from '../accounts/accounts.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { addressOf } from '../place.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/words.ts'
import { backups, channels, mirrors } from './house.ts'
import { changedEgress, isInTrouble, silentBrokers } from './trouble.ts'

const said = words.today.troubles

/** What is wrong outside the accounts themselves, and when somebody was told of something last. */
export function Troubles({ problem }: { readonly problem: Signal<Problem | null> }) {
  const failing = (channels.value ?? []).filter(isInTrouble)
  const isBackupTooOld = backups.value?.tooOld === true
  const all = accounts.value ?? []
  return (
    <section class="section troubles" aria-label={said.region}>
      {silentBrokers(all).map(({ brokerName, count, since }) => (
        <p key={brokerName} class="note" data-tone="amber">
          {said.broker(brokerName, count, since === null ? null : whenText(since, now.value))}
        </p>
      ))}
      {changedEgress(all, now.value).map(({ account, addresses, changed }) => (
        <p key={account} class="note" data-tone="amber">
          {said.egress(account, addresses.join(', '), changed.before.join(', '))}{' '}
          <a href={addressOf('accounts', account, 'egress')}>{said.lookAtIt}</a>
        </p>
      ))}
      {mirrors.value.filter(isInTrouble).map(({ id, account, path, fault }) => (
        <p key={id} class="note" data-tone="amber">
          {said.mirror(path, account)} {fault?.text}{' '}
          <a href={addressOf('accounts', account, 'mirrors')}>{said.lookAtIt}</a>
        </p>
      ))}
      {failing.map(({ name, lastFailure }) => (
        <p key={name} class="note" data-tone="amber">
          {said.failing(name)} {lastFailure?.text}
        </p>
      ))}
      {isBackupTooOld && (
        <p class="note" data-tone="amber">
          {said.noBackup} {backups.value?.failed?.text}
        </p>
      )}
      <ProblemNote problem={problem.value} />
      <LastAlert />
      {(failing.length > 0 || isBackupTooOld) && <a href={addressOf('doctor')}>{words.shell.askDoctor}</a>}
    </section>
  )
}

function LastAlert() {
  if (channels.value === null) return null
  if (channels.value.length === 0)
    return (
      <p class="fine">
        {words.shell.nobodyIsTold} <a href={addressOf('settings', 'alerts')}>{words.shell.addChannel}</a>
      </p>
    )
  const last = channels.value
    .flatMap(({ lastDelivery, name }) => (lastDelivery === null ? [] : [{ lastDelivery, name }]))
    .toSorted((a, b) => a.lastDelivery.localeCompare(b.lastDelivery))
    .at(-1)
  return (
    <p class="fine">
      {last === undefined ? said.noAlert : said.lastAlert(last.name, whenText(last.lastDelivery, now.value))}
    </p>
  )
}
