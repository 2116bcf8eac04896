import type { LoginView } from '../../contracts/api.ts'
import type { AccountRecord, LoginRecord } from '../../contracts/store.ts'
import { dataWithoutControls } from '../../core/control-characters.ts'
import { type ErrorCode, wordsOf } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
import { outcomeText } from './outcome.ts'

export function loginView(
  nowMs: number,
  account: AccountRecord,
  login: LoginRecord,
  { method, url, asks }: Pick<LoginView, 'method' | 'url' | 'asks'>,
): LoginView {
  const isOver = login.status === 'open' && nowMs >= login.expiresAtMs
  const outcome = isOver ? 'login_expired' : ((login.outcome || null) as ErrorCode | null)
  return dataWithoutControls<LoginView>({
    login: login.id,
    account: account.alias,
    broker: account.broker,
    kind: account.kind,
    method,
    via: login.startedBy,
    url,
    expiresAt: iso(login.expiresAtMs),
    asks,
    status: isOver ? 'expired' : login.status,
    outcome,
    outcomeText: outcome && outcomeText(account, outcome),
    outcomeHint: outcome && wordsOf(outcome).hint,
    generation: login.generation,
  })
}
