import type { FoundTokens, MirrorRecord } from '../../contracts/mirrors.ts'
import type { AccountRecord } from '../../contracts/store.ts'
import { toBhorError } from '../../core/errors.ts'
import { theHouseOf } from '../gate/first-look.ts'
import { refuseSealed, refuseSealedIn } from '../gate/seal.ts'
import { refuseUncertainClock } from '../ground/clock-faults.ts'
import type { SessionContext } from '../ground/context.ts'
import { askedWithinMs, claimIntent, newIntent, refuseSecondFlight, settleIntent } from '../ground/intent.ts'
import { limited, lineTo, revealed } from '../ground/line.ts'
import { amended } from '../ground/records.ts'
import type { Principal } from '../ground/rights.ts'
import { commitSession } from '../login/commit.ts'
import { checkedGrant } from '../login/exchange.ts'
import { askAboutToken } from '../login/known-token.ts'
import { mostKnown, tokenHash } from './token.ts'
import { about, mirrorNow } from './write.ts'

/**
 * Makes a token that somebody has put into a mirror the account's session, if the broker says whose it is. One that is
 * refused stays where it is, and is not logged out: bhor did not make it.
 *
 * @throws BhorError `wrong_user`, `session_revoked` for a dead one, `broker_unavailable`, `login_in_progress`
 */
export async function takeToken(
  context: SessionContext,
  principal: Principal,
  account: AccountRecord,
  mirror: MirrorRecord,
  { access, refresh }: FoundTokens,
): Promise<void> {
  refuseSealed(await theHouseOf(context))
  const line = limited(context, await lineTo(context, account), askedWithinMs)
  const { broker } = line
  await refuseUncertainClock(context, line)
  const kind = broker.renewal?.needs
  const tokens = revealed({ access, ...(kind && refresh ? { [kind]: refresh } : {}) })
  const grantedAt = context.clock.now()
  const grant = { grantedAt, ...checkedGrant(line, { tokens }) }
  const asked = await askAboutToken(context, line, grant)
  if (asked.state !== 'live') throw asked.error
  const { verified } = asked
  const intent = newIntent(context, account, 'exchange', [])
  const { actor } = principal
  await claimIntent(context, actor, intent, async (c) => {
    await refuseSealedIn(context, c.reads)
    await refuseSecondFlight(context, c.reads, account)
    const now = await mirrorNow(context, c.reads, mirror)
    const known = [...now.known, tokenHash(context, tokens.access ?? '')].slice(-mostKnown)
    const detail = { ...about(mirror), user: verified.userId }
    const tx = c.tell({ actor, action: 'mirror.take', result: 'ok', account, detail })
    await tx.mirrors.update(amended(context.vault, 'mirrors', now, { known }))
    await tx.intents.insert(intent)
  })
  await context.flights.run({ intent }, async () => {
    try {
      await commitSession(context, principal, { line, grant, verified, startedBy: 'import', intent })
    } catch (cause) {
      const error = toBhorError(cause)
      const told = { actor, action: 'mirror.take', state: 'failed', error, wasSent: false } as const
      await context.flights.settle(intent, () => settleIntent(context, intent, told))
      throw error
    }
  })
}
