import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { BrowserView } from '../../../src/contracts/api.ts'
import { accounts } from '../accounts/accounts.ts'
import { toast } from '../announce.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { signOut, signOutEverywhere } from '../session.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { browsers, loadBrowsers } from './browsers.ts'

/** Which browsers are signed in, and how to sign them out. */
export function BrowsersSection() {
  const isAsking = useSignal(false)
  const { problem, run } = useAction()
  // What happens to browsers wakes the page as all else does.
  useEffect(() => void run(loadBrowsers), [accounts.value])
  const all = browsers.value
  return (
    <section class="section" aria-labelledby="browsers-title">
      <div class="section-head">
        <h2 id="browsers-title">Signed-in browsers</h2>
        <Button
          look="quiet"
          onPress={() => {
            isAsking.value = true
          }}
        >
          Sign out everywhere
        </Button>
      </div>
      <ProblemNote problem={problem.value} />
      {all !== null && (
        <ul class="rows">
          {all.map((each) => (
            <BrowserRow key={each.id} view={each} />
          ))}
        </ul>
      )}
      {isAsking.value && (
        <ConfirmDialog
          title="Sign out everywhere?"
          text="Every browser is signed out, this one too. A new link brings you back: bhor desk"
          action="Sign out everywhere"
          keep="Stay signed in"
          act={signOutEverywhere}
          onClose={() => {
            isAsking.value = false
          }}
        />
      )}
    </section>
  )
}

function BrowserRow({ view }: { readonly view: BrowserView }) {
  const { isBusy, problem, run } = useAction()
  const revoke = async () => {
    if (view.isThis) return signOut()
    await call('DELETE /v1/desk/browsers/{browser}', { params: { browser: view.id } })
    toast(`${view.name} signed out.`)
    await loadBrowsers()
  }
  const since = [
    view.startedAt && `since ${whenText(view.startedAt, now.value)}`,
    view.lastUsedAt && !view.isThis && `last used ${whenText(view.lastUsedAt, now.value)}`,
    view.isDamaged && 'damaged: it does not count',
  ].filter(Boolean)
  const end = view.isKept
    ? view.expiresAt && `ends ${whenText(view.expiresAt, now.value)} if it is not used`
    : !view.isDamaged && 'ends with its tab, or when bhor stops'
  return (
    <li class="row" data-browser={view.id}>
      <div class="row-main">
        <p class="row-name">
          {view.name || 'A browser'}
          {view.isThis && <span class="tag">this browser</span>}
        </p>
        <p class="fine">{since.join(' · ')}</p>
        {end && <p class="fine">{end}</p>}
        <ProblemNote problem={problem.value} />
      </div>
      <Button
        look="quiet"
        label={`Sign out ${view.name}`}
        onPress={() => void run(revoke)}
        isBusy={isBusy.value}
      >
        Sign out
      </Button>
    </li>
  )
}
