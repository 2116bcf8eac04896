import { addressOf } from '../place.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/words.ts'
import { house } from './house.ts'

const said = words.today.troubles

/** What is wrong with bhor's own parts, and when somebody was told of something last. */
export function Troubles() {
  if (house.value === null) return null
  const { channels, backups } = house.value
  const failing = channels.filter(({ state }) => state === 'failing' || state === 'damaged')
  const last = channels
    .flatMap(({ lastDelivery, name }) => (lastDelivery === null ? [] : [{ lastDelivery, name }]))
    .toSorted((a, b) => a.lastDelivery.localeCompare(b.lastDelivery))
    .at(-1)
  return (
    <section class="section troubles" aria-label={said.region}>
      {failing.map(({ name, lastFailure }) => (
        <p key={name} class="note" data-tone="amber">
          {said.failing(name)} {lastFailure?.text}
        </p>
      ))}
      {backups.tooOld && (
        <p class="note" data-tone="amber">
          {said.noBackup} {backups.failed?.text}
        </p>
      )}
      <p class="fine">
        {channels.length === 0
          ? words.shell.nobodyIsTold
          : last === undefined
            ? said.noAlert
            : said.lastAlert(last.name, whenText(last.lastDelivery, now.value))}{' '}
        {channels.length === 0 && <a href={addressOf('settings', 'alerts')}>{words.shell.addChannel}</a>}
        {(failing.length > 0 || backups.tooOld) && <a href={addressOf('doctor')}>{words.shell.askDoctor}</a>}
      </p>
    </section>
  )
}
