import { useEffect } from 'preact/hooks'
import { accounts } from '../accounts/accounts.ts'
import { loginsLeft } from '../accounts/needs.ts'
import { Button } from '../parts/button.tsx'
import { endRound, followRound, goOn, logInTheRest, nextInRound, round } from './rest.ts'

/** One press for all who still need a login: one broker page after another. */
export function RestBar() {
  useEffect(followRound, [])
  const all = accounts.value ?? []
  const left = loginsLeft(all)
  const running = round.value
  if (running === null) {
    if (left.length < 2) return null
    return (
      <div class="rest">
        <Button look="primary" onPress={logInTheRest}>
          Log in all {left.length}, one after another
        </Button>
      </div>
    )
  }
  const at = all.find(({ id }) => id === running.atId)
  const next = nextInRound.value
  return (
    <div class="rest" role="status">
      <p>
        <strong>{at?.account}</strong> is at the broker now.{' '}
        {next ? `Then ${next.account}.` : 'It is the last one.'}
      </p>
      <div class="actions">
        {next && <Button onPress={goOn}>Go on with {next.account}</Button>}
        <Button look="quiet" onPress={endRound}>
          Stop here
        </Button>
      </div>
    </div>
  )
}
