import type { FeedRecord } from '../contracts/store.ts'
import { istDateTime } from '../core/ist.ts'
import { printable } from '../core/redact.ts'
import type { SessionContext } from '../session/ground/context.ts'
import { soundOf } from '../session/ground/records.ts'
import { latestSessionOf } from '../session/life/live.ts'

type Log = (level: 'info' | 'warn' | 'error', text: string, facts: { readonly account: string }) => void

/**
 * The log lines of document 002, for accounts with a `broker-config` mirror. Where the document shows a piece of a token
 * stands a keyed mark: the same token has the same one, and it tells nothing of it.
 */
export function logTokens(context: SessionContext, log: Log): Disposable {
  const told = new Set<string>()
  const warnOnce = ({ id, alias }: { readonly id: string; readonly alias: string }) => {
    if (told.has(id)) return
    told.add(id)
    log('warn', '⚠️  No refresh token configured', { account: alias })
  }
  const lines = async (row: FeedRecord): Promise<void> => {
    const { account, action, result, detail, code } = row
    if (!account) return
    const say = (level: 'info' | 'error', text: string) => log(level, text, { account: account.alias })
    const isWritten = action === 'mirror.write' && result === 'ok' && detail.format === 'broker-config'
    if (isWritten) {
      say('info', '✅ Token refreshed successfully')
      say('info', `   Old token: ${detail.before ? `${detail.before}...` : 'none'}`)
      say('info', `   New token: ${detail.now}...`)
      say('info', `   Expires at: ${istDateTime(Number(detail.until))} IST`)
      if (detail.renewable !== true) warnOnce(account)
      return
    }
    const isBegun = action === 'session.renew_start'
    const isFailed = action === 'session.renew' && result === 'failed'
    if ((!isBegun && !isFailed) || !(await hasMirror(context, account.id))) return
    const { broker } = account
    if (isBegun)
      return say('info', `🔄 Refreshing ${broker[0]?.toUpperCase()}${broker.slice(1)} access token...`)
    const stored = await context.store.accounts.byId(account.id)
    say('error', '❌ Token refresh failed')
    if (detail.status !== undefined) say('error', `   Status Code: ${detail.status}`)
    say('error', `   Response: ${printable(stored?.lastFault?.detail ?? code, 300)}`)
  }
  // One after the other: what belongs together stands together.
  let saying = warnAtStart(context, warnOnce).catch(() => undefined)
  return context.feed.subscribe((rows) => {
    for (const row of rows) saying = saying.then(() => lines(row)).catch(() => undefined)
  })
}

async function warnAtStart(
  context: SessionContext,
  warn: (account: { readonly id: string; readonly alias: string }) => void,
): Promise<void> {
  const { store, vault } = context
  for (const { accountId, format } of soundOf(vault, 'mirrors', await store.mirrors.list())) {
    const account = format === 'broker-config' ? await store.accounts.byId(accountId) : undefined
    const session = account && (await latestSessionOf(context, account))
    if (!account || !session) continue
    const { renewal } = await context.broker(account.broker)
    if (!renewal || session.tokenExpiriesMs[renewal.needs] === undefined) warn(account)
  }
}

async function hasMirror({ store, vault }: SessionContext, accountId: string): Promise<boolean> {
  const mirrors = soundOf(vault, 'mirrors', await store.mirrors.ofAccount(accountId))
  return mirrors.some(({ format }) => format === 'broker-config')
}
