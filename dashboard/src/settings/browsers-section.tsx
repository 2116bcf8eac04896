import { useSignal } from '@preact/signals'
import type { BrowserView } from '../../../src/contracts/api.ts'
import { toast } from '../announce.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { signOut, signOutEverywhere } from '../session.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/settings.ts'
import { tellsOf } from './house-change.ts'
import { PassphrasePart } from './passphrase-part.tsx'
import { Part, Section } from './section.tsx'
import { useReading } from './use-reading.ts'

const said = words.settings.browsers

/** Which browsers are signed in, how to sign them out, and by what the page asks who is there. */
export function BrowsersSection() {
  const isAsking = useSignal(false)
  const { value, problem, again } = useReading(
    async () => ({
      browsers: await call('GET /v1/desk/browsers'),
      fresh: await call('GET /v1/desk/confirmation'),
    }),
    tellsOf('browsers'),
  )
  return (
    <Section
      name="browsers"
      problem={problem.value}
      isRead={value.value !== null}
      action={
        <Button
          onPress={() => {
            isAsking.value = true
          }}
        >
          {said.everywhere}
        </Button>
      }
    >
      <Part title={said.title}>
        <ul class="rows">
          {value.value?.browsers.map((each) => (
            <BrowserRow key={each.id} view={each} onChange={again} />
          ))}
        </ul>
      </Part>
      {value.value && <PassphrasePart isSet={value.value.fresh.byPassphrase} onChange={again} />}
      {isAsking.value && (
        <ConfirmDialog
          title={said.everywhereTitle}
          text={said.everywhereText}
          action={said.everywhere}
          keep={said.stay}
          act={signOutEverywhere}
          onClose={() => {
            isAsking.value = false
          }}
        />
      )}
    </Section>
  )
}

function BrowserRow({
  view,
  onChange,
}: {
  readonly view: BrowserView
  readonly onChange: () => Promise<void>
}) {
  const { isBusy, problem, run } = useAction()
  const { id, isThis, isDamaged, isKept, startedAt, lastUsedAt, expiresAt } = view
  const name = view.name || said.aBrowser
  const revoke = async () => {
    if (isThis) return signOut()
    await call('DELETE /v1/desk/browsers/{browser}', { params: { browser: id } })
    toast(said.gone(name))
    await onChange()
  }
  const when = (at: string) => whenText(at, now.peek())
  const since = [
    startedAt && said.since(when(startedAt)),
    lastUsedAt && !isThis && said.lastUsed(when(lastUsedAt)),
    isDamaged && said.damaged,
  ].filter(Boolean)
  const end = isKept ? expiresAt && said.ends(when(expiresAt)) : !isDamaged && said.endsWithTab
  return (
    <li class="row" data-browser={id}>
      <div class="row-main">
        <p class="row-name">
          {name}
          {isThis && <span class="tag">{said.this}</span>}
        </p>
        <p class="fine">{since.join(' · ')}</p>
        {end && <p class="fine">{end}</p>}
        <ProblemNote problem={problem.value} />
      </div>
      <Button look="quiet" label={said.outOf(name)} onPress={() => void run(revoke)} isBusy={isBusy.value}>
        {said.out}
      </Button>
    </li>
  )
}
