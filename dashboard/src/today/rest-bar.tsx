import { useEffect } from 'preact/hooks'
import { accounts } from '../accounts/accounts.ts'
import { loginsLeft } from '../accounts/needs.ts'
import { Button } from '../parts/button.tsx'
import { words } from '../words/words.ts'
import { endRound, followRound, goOn, logInTheRest, nextInRound, round } from './rest.ts'

const said = words.today.rest

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
          {said.all(left.length)}
        </Button>
      </div>
    )
  }
  const at = all.find(({ id }) => id === running.atId)
  const next = nextInRound.value
  return (
    <div class="rest" role="status">
      <p>
        <strong>{at?.account}</strong> {said.isThere} {next ? said.next(next.account) : said.last}
      </p>
      <div class="actions">
        {next && <Button onPress={goOn}>{said.goOn(next.account)}</Button>}
        <Button look="quiet" onPress={endRound}>
          {said.stop}
        </Button>
      </div>
    </div>
  )
}
