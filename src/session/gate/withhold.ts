import type { AccountRecord, HouseRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { gateCauses } from './causes.ts'
import { counting, pauseWords } from './pause.ts'

/**
 * Refuses a token that can place orders while trading is stopped for all accounts, or this one is paused so. A kill
 * switch of which nobody knows whether it was set counts as set.
 *
 * @throws BhorError `gate_closed`
 */
export function refuseWithheld(
  nowMs: number,
  account: Pick<AccountRecord, 'alias' | 'pause'>,
  house: HouseRecord | 'damaged',
): void {
  if (house === 'damaged') throw closed('switch_damaged', account)
  const kill = counting(house.kill, nowMs)
  if (kill) throw closed('killed', account, pauseWords(kill))
  const pause = counting(account.pause, nowMs)
  if (pause?.withholds) throw closed('paused', account, pauseWords(pause))
}

function closed(
  reason: 'switch_damaged' | 'killed' | 'paused',
  { alias }: Pick<AccountRecord, 'alias'>,
  said = '',
): BhorError {
  const cause = gateCauses[reason]
  const text = cause.text({ reason, sinceMs: null, untilMs: null, said })
  const hint = cause.next(alias)
  return new BhorError('gate_closed', `${alias}: ${text}`, {
    facts: { reason },
    ...(hint === null ? {} : { hint }),
  })
}
