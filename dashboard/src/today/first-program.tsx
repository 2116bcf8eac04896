import { signal } from '@preact/signals'
import { accounts } from '../accounts/accounts.ts'
import { isLive } from '../accounts/status.ts'
import { useLive } from '../live/use-live.ts'
import { Button } from '../parts/button.tsx'
import { Icon } from '../parts/icon.tsx'
import { addressOf } from '../place.ts'
import { isAboutKeys } from '../programs/about-keys.ts'
import { keys, loadKeys } from '../programs/keys.ts'
import { canReadToken } from '../programs/rights.ts'
import { words } from '../words/words.ts'

const shelf = 'bhor-first-program'

/** Whoever gives his programs the session in another way is not asked again. */
const isPutOff = signal(localStorage.getItem(shelf) !== null)

/** After the first login: what comes next. Until a program has got its first session. */
export function FirstProgram() {
  const live = (accounts.value ?? []).find(isLive)
  return live === undefined || isPutOff.value ? null : <Offer account={live.account} />
}

function Offer({ account }: { readonly account: string }) {
  useLive(() => loadKeys().catch(() => {}), isAboutKeys)
  const all = keys.value
  if (all === null || all.some(({ lastUsedAt }) => lastUsedAt !== null)) return null
  const said = words.programs.today
  const waiting = all.find((key) => key.revokedAt === null && canReadToken(key.scopes))
  const title = waiting === undefined ? said.title : said.waitingTitle(waiting.name)
  const putOff = () => {
    localStorage.setItem(shelf, 'later')
    isPutOff.value = true
  }
  return (
    <section class="card first-program" aria-labelledby="first-program-title">
      <h2 id="first-program-title" class="card-name">
        <Icon name="plug" /> {title}
      </h2>
      <p>{waiting === undefined ? said.text(account) : said.waitingText}</p>
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
    </section>
  )
}
