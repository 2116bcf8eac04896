import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { AccountView } from '../../../../src/contracts/api.ts'
import { call } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { CopyBox } from '../../parts/copy-box.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAction } from '../../parts/use-action.ts'
import { onLeaving } from '../../session-state.ts'
import { now } from '../../time/clock.ts'
import { words } from '../../words/manage.ts'
import { isLive } from '../status.ts'

const shownForMs = 60_000

interface Shown {
  readonly token: string
  readonly headers: string
  readonly generation: number
  readonly untilMs: number
}

/** The hand-out that is on the screen: it goes after a minute, with its session, and with whatever takes the page away. */
let hideShown = () => {}
onLeaving(() => hideShown())
addEventListener('pagehide', () => hideShown())

/** The access token, masked; shown after a fresh confirmation, which the server asks for and records. */
export function ShowToken({ account }: { readonly account: AccountView }) {
  const shown = useSignal<Shown | null>(null)
  const { isBusy, problem, run } = useAction()
  const said = words.manage.credentials
  const hide = () => {
    shown.value = null
  }
  useEffect(() => {
    hideShown = hide
    return hide
  }, [])
  const show = async () => {
    const params = { account: account.account }
    const { accessToken, headers, generation } = await call('GET /v1/accounts/{account}/session', { params })
    shown.value = {
      token: accessToken,
      headers: Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n'),
      generation,
      untilMs: now.peek() + shownForMs,
    }
  }
  const open = shown.value
  const leftMs = open === null ? 0 : open.untilMs - now.value
  const isOver = open !== null && (leftMs <= 0 || open.generation !== account.generation || !isLive(account))
  useEffect(() => {
    if (isOver) hide()
  }, [isOver])
  if (!isLive(account))
    return (
      <div class="token">
        <p class="token-label">{said.token}</p>
        <p class="fine">{said.noToken}</p>
      </div>
    )
  return (
    <div class="token" data-shown={open !== null && !isOver}>
      {open === null || isOver ? (
        <>
          <p class="token-label">{said.token}</p>
          <div class="token-row">
            <span class="token-mask" aria-hidden="true">
              ••••••••••••••••
            </span>
            <Button onPress={() => void run(show)} isBusy={isBusy.value}>
              {said.show}
            </Button>
          </div>
          <p class="fine">{said.recorded}</p>
        </>
      ) : (
        <>
          {open.token !== '' && <CopyBox label={said.token} text={open.token} />}
          <CopyBox label={said.headersNow} text={open.headers} isBlock />
          <p class="fine token-left">
            {said.shown(Math.ceil(leftMs / 1000))}{' '}
            <button type="button" class="button-inline" onClick={hide}>
              {said.hide}
            </button>
          </p>
        </>
      )}
      <ProblemNote problem={problem.value} />
    </div>
  )
}
