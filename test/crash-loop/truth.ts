import type { AccountView } from '../../src/contracts/api.ts'
import type { SessionRecord } from '../../src/contracts/store.ts'
import { isBhorError } from '../../src/core/errors.ts'
import { tokensOf } from '../../src/session/ground/line.ts'
import { operator } from '../support/domain.ts'
import type { Played } from './run.ts'
import { minute } from './scenario.ts'

/** How things stood before the first effect. */
export interface Before {
  readonly generations: ReadonlyMap<string, number>
  /** How many sessions the brokers had opened. */
  readonly opened: number
}

export async function standing({ domain, brokers }: Played): Promise<Before> {
  const accounts = await domain.desk.accounts.list(operator)
  const generations = new Map(accounts.map(({ id, generation }) => [id, generation]))
  return { generations, opened: brokers.opened.length }
}

/** A refusal that says that there is no session to give. */
const saysGone = ['session_none', 'session_expired', 'session_revoked', 'needs_login']

/** What a process says, held against what its callers have got and what the brokers know. Each text is a violation. */
export async function untrue(run: Played, before: Before): Promise<string[]> {
  const { desk } = run.domain
  const wrong: string[] = []
  for (const account of await desk.accounts.list(operator)) {
    const latest = await run.domain.store.sessions.latest(account.id)
    const found = [
      ...generationsOf(run, account, before),
      ...livesOf(run, latest),
      ...(await handOutOf(run, account, latest)),
    ]
    wrong.push(...found.map((what) => `${account.account} ${what}`))
  }
  wrong.push(...(await recordsOf(run)))
  const codes = run.brokers.codes()
  if (new Set(codes).size < codes.length) wrong.push('I4 a code was sent twice')
  return wrong
}

/** No session without the broker, none that somebody was told of is lost, and what the broker did is told. */
function generationsOf({ brokers, got }: Played, view: AccountView, before: Before): string[] {
  const { account, id, broker, userId, generation, session, lastFault } = view
  const told = got.generations.get(account) ?? 0
  const stored = generation - (before.generations.get(id) ?? 0)
  const granted = brokers.opened
    .slice(before.opened)
    .filter((one) => one.kind === 'access' && one.broker === broker && one.userId === (userId ?? one.userId))
  const asked = granted.filter(({ accessToken }) => !brokers.shown.has(accessToken)).length
  const isTold = lastFault !== null || (session !== null && session.endReason !== null) || stored >= asked
  return [
    ...(generation < told ? [`I1 is at ${generation}, and somebody was told of ${told}`] : []),
    ...(stored > granted.length ? [`I2 has ${stored} new sessions, and was given ${granted.length}`] : []),
    ...(isTold ? [] : ['I10 does not say that the broker has acted']),
  ]
}

/** No session is given up that the broker would still take, but where somebody wanted it. */
function livesOf({ brokers, domain }: Played, latest: SessionRecord | undefined): string[] {
  if (latest?.endReason !== 'revoked' && latest?.endReason !== 'expired') return []
  const isAlive = brokers.isAlive(tokensOf(domain.context, latest).access?.reveal() ?? '')
  return isAlive ? [`I8 has ended generation ${latest.generation} as ${latest.endReason}, and it lives`] : []
}

/** What is handed out lives, is what it was before, and is withheld for a reason only. */
async function handOutOf(
  run: Played,
  { account }: AccountView,
  latest: SessionRecord | undefined,
): Promise<string[]> {
  const { brokers, domain, got } = run
  const seen = got.tokens.filter((one) => one.account === account)
  try {
    const { generation } = await run.handOut(account)
    // A broker that gave no word is asked again; until then a session in doubt is not withheld.
    if ((await run.view(account)).lastProbe?.verdict === 'unknown') {
      await run.pass(6 * minute)
      await run.handOut(account)
    }
    const given = got.tokens.at(-1)!
    const now = await domain.store.sessions.latest((await run.view(account)).id)
    const token = now && tokensOf(domain.context, now).access?.reveal()
    const isDead = !brokers.isAlive(token ?? '') && !brokers.killed.has(token ?? '')
    const isOther = seen.some((one) => one.generation === generation && one.token !== given.token)
    return [
      ...(isDead ? [`I8 hands out generation ${generation}, which is dead at the broker`] : []),
      ...(isOther ? [`I1 hands out another token as generation ${generation}`] : []),
      ...(seen.some((one) => one.generation > generation) ? ['I3 hands out an earlier generation'] : []),
    ]
  } catch (error) {
    if (!isBhorError(error) || error.code === 'internal') return [`I10 ${String((error as Error).stack)}`]
    const now = latest && (await domain.store.sessions.latest(latest.accountId))
    const lives = now?.status === 'active' && run.clock.nowMs() < now.expiresAtMs
    return lives && saysGone.includes(error.code) ? [`I8 withholds a live session: ${error.code}`] : []
  }
}

/** Nothing has left without its record. */
async function recordsOf({ domain: { desk, store }, got }: Played): Promise<string[]> {
  const wrong: string[] = []
  const records = await desk.audit.list(operator, { limit: 1000 })
  // Of a store that went back the audit does not verify until somebody has accepted it.
  const { intact } = await desk.audit.verify(operator)
  if (!intact && !store.rollback()) wrong.push('I6 the audit does not verify')
  const handOuts = records.filter((r) => r.action === 'session.handout' && r.result === 'ok').length
  if (handOuts < got.tokens.length)
    wrong.push(`I5 ${got.tokens.length} tokens have left, and ${handOuts} are recorded`)
  for (const { id, text } of got.keys) {
    if (!records.some((r) => r.action === 'key.add' && r.detail?.key === id))
      wrong.push('I5 a key has left without its record')
    await desk.keys.authenticate(text).catch((error) => {
      const isRevoked = records.some((r) => r.action === 'key.revoke' && r.detail?.key === id)
      if (!isRevoked) wrong.push(`I1 a key that has left is not valid: ${String(error)}`)
    })
  }
  return wrong
}

/** Whatever was struck, a person can log in again, and programs get the new session. */
export async function stuck(run: Played): Promise<string[]> {
  const { desk } = run.domain
  const wrong: string[] = []
  for (const { account, generation } of await desk.accounts.list(operator)) {
    // Another code of the authenticator than before.
    await run.clock.advance(minute)
    try {
      const now = await run.logIn(account)
      if (now.generation !== generation + 1) wrong.push(`${account} I2 ${generation}, then ${now.generation}`)
      const { verdict } = await desk.sessions.test(operator, account)
      if (verdict !== 'valid') wrong.push(`${account} I10 the session of the next login is ${verdict}`)
      await run.handOut(account)
    } catch (error) {
      if (isBhorError(error, 'gate_closed')) continue
      wrong.push(`${account} I10 nobody can log in: ${String((error as Error).stack)}`)
    }
  }
  return wrong
}
