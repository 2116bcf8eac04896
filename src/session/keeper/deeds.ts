import type { CallSite } from '../../contracts/broker.ts'
import type { AccountRecord, IntentRecord } from '../../contracts/store.ts'
import type { AccountWorkKind } from '../../contracts/work.ts'
import { BhorError, type ErrorCode } from '../../core/errors.ts'
import { measureEgress } from '../egress/egresses.ts'
import { settleGate } from '../gate/settle.ts'
import type { SessionContext } from '../ground/context.ts'
import { isOwnIntent } from '../ground/intent.ts'
import { keeper } from '../ground/rights.ts'
import { finishLogout, tidyAccount } from '../hygiene/tidy.ts'
import { endSession } from '../life/ending.ts'
import { latestSessionOf } from '../life/live.ts'
import type { Probes } from '../life/probe.ts'
import type { Renewals } from '../life/renewal.ts'
import { writeMirrors } from '../mirrors/write.ts'
import { giveUp } from './lost.ts'

/** The actions that some deeds are made of, which people can ask for as well. */
export interface Means {
  readonly probes: Probes
  readonly renewals: Renewals
}

/** How one kind of due work is done. */
interface Deed {
  /** The kind of call by which it bothers the broker. */
  readonly site?: CallSite
  /** Throws what should be tried again, or given up; see `ground/retries.ts`. `over`: never again for the same time. */
  do(context: SessionContext, account: AccountRecord, means: Means): Promise<unknown>
}

export const deeds: Readonly<Record<AccountWorkKind, Deed>> = {
  expiry: {
    async do(context, account, { probes }) {
      const session = await latestSessionOf(context, account)
      if (session?.status !== 'active') return
      const { clock } = context
      // Nothing final by a clock that nobody has confirmed: the broker's answer tells the time, too.
      const isUnsure = () => clock.isUnsure(session.expiresAtMs, account.kind === 'sandbox')
      if (isUnsure()) await ask(context, account, probes)
      if (isUnsure()) {
        await settleGate(context, account.id)
        throw stillUnsure(account)
      }
      if (clock.nowMs() >= session.expiresAtMs) await endSession(context, keeper.actor, session, 'expired')
    },
  },
  probe: {
    site: 'probe',
    do: (context, account, { probes }) => ask(context, account, probes),
  },
  renewal: {
    site: 'renewal',
    async do({ lease }, account, { renewals }) {
      // From its intent on that keeps others out, and a token that came late must not be lost with the lease.
      await renewals.renew(keeper, account.alias, lease)
    },
  },
  egress: {
    async do(context, account) {
      const { lastEgress } = await measureEgress(context, keeper, account)
      if (lastEgress?.code) throw new BhorError(lastEgress.code as ErrorCode)
    },
  },
  gate: {
    do: (context, account) => settleGate(context, account.id),
  },
  hygiene: {
    async do(context, account) {
      const isOver = (await tidyAccount(context, account)) || (await finishLogout(context, account))
      return isOver ? 'over' : undefined
    },
  },
  mirror: {
    do: (context, account) => writeMirrors(context, account),
  },
  intent: {
    async do(context, account) {
      const { records } = await context.store.intents.open()
      const isIts = (intent: IntentRecord) => intent.accountId === account.id && isOwnIntent(context, intent)
      for (const intent of records.filter(isIts)) await giveUp(context, intent)
    },
  },
}

async function ask(context: SessionContext, account: AccountRecord, probes: Probes): Promise<void> {
  const { verdict, code, text } = await probes.test(keeper, account.alias, context)
  if (verdict === 'unknown') throw new BhorError(code as ErrorCode, text)
}

function stillUnsure({ alias }: AccountRecord): BhorError {
  return new BhorError(
    'clock_doubtful',
    `Whether the session of ${alias} has ended is not certain; nothing was written.`,
  )
}
