import { useSignal } from '@preact/signals'
import { accounts } from '../accounts/accounts.ts'
import { isLive } from '../accounts/status.ts'
import { choose, isOfferOver } from '../choices.ts'
import { useLive } from '../live/use-live.ts'
import { Button } from '../parts/button.tsx'
import { Icon } from '../parts/icon.tsx'
import { addressOf } from '../place.ts'
import { isAboutKeys } from '../programs/about-keys.ts'
import { firstUses, keyState, keys, loadKeys } from '../programs/keys.ts'
import { canReadToken } from '../programs/rights.ts'
import { FirstUse } from '../programs/uses.tsx'
import { minuteEnd } from '../time/clock.ts'
import { words } from '../words/programs.ts'
import { OfferPlace } from './offer-place.tsx'

/** After the first login: what comes next. Until a program has got its first session. */
export function FirstProgram() {
  const begun = useSignal<string | null>(null)
  useLive(async () => {
    const before = keys.peek() ?? []
    await loadKeys()
    const after = keys.peek() ?? []
    begun.value = firstUses(before, after)[0]?.name ?? begun.peek()
    if (after.some(({ lastUsedAt }) => lastUsedAt !== null)) choose('firstProgram', 'over')
  }, isAboutKeys)
  const all = keys.value
  const live = (accounts.value ?? []).find(isLive)
  if (all === null || live === undefined) return <OfferPlace />
  if (begun.value === null && all.some(({ lastUsedAt }) => lastUsedAt !== null)) return null
  const said = words.programs.today
  const waiting = all.find((key) => keyState(key, minuteEnd.value) === 'live' && canReadToken(key.scopes))
  const putOff = () => {
    choose('firstProgram', 'over')
    isOfferOver.value = true
  }
  return (
    <section class="card first-program" aria-labelledby="first-program-title">
      <h2 id="first-program-title" class="card-name">
        <Icon name="plug" /> {begun.value ?? waiting?.name ?? said.title}
      </h2>
      {begun.value !== null ? (
        <FirstUse name={begun.value} />
      ) : (
        <>
          <p>{waiting === undefined ? said.text(live.account) : said.waitingText}</p>
          <div class="actions">
            <a
              class="button button-primary"
              href={waiting === undefined ? addressOf('programs', 'new') : addressOf('programs')}
            >
              {waiting === undefined ? said.open : said.how}
            </a>
            <Button look="quiet" onPress={putOff}>
              {said.later}
            </Button>
          </div>
        </>
      )}
    </section>
  )
}
