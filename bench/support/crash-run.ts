import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { exchange } from '../../src/cli/wire.ts'
import type { AccountView, AuditCheck, HandOut } from '../../src/contracts/api.ts'
import { isBhorError } from '../../src/core/errors.ts'
import { type BenchDesk, openDesk } from './desk.ts'

export interface CrashCounts {
  kills: number
  /** Callback pages with status 200: somebody has seen that the session lives. */
  logins: number
  /** Logins that a kill cut off: nobody was told anything. */
  cutLogins: number
  /** Hand-outs that a program got whole. */
  handOuts: number
  /** Sessions that somebody had seen and that were gone, older or different after the restart. */
  lost: number
  /** Hand-outs without an audit record. */
  unrecorded: number
  /** Restarts after which the audit chain did not verify. */
  broken: number
}

export interface CrashOptions {
  readonly kills: number
  /** Servers that live and die side by side. */
  readonly lanes: number
  readonly onKill?: (counts: CrashCounts) => void
}

/** What callers have seen of one account, and what the load does with it. */
interface Lane {
  readonly account: string
  readonly key: string
  generation: number
  /** Of that generation; undefined after a login whose session nobody has asked for yet. */
  accessToken: string | undefined
  isLoginCut: boolean
  /** Whole answers since the last kill. */
  answers: number
}

const accounts = ['personal', 'papa', 'demo']
/** Half of the kills come by the clock, from the first moment on, half shortly after somebody was told of a login. */
const longestLifeMs = 400
const longestAfterLoginMs = 25
/** Where no login comes through. */
const patienceMs = 3_000

/**
 * Kills real servers with SIGKILL at random moments while logins and hand-outs run against them, starts them again,
 * and compares what they still know with what callers have seen. The brokers live in this process, so they remember.
 */
export async function crashRun({ kills, lanes, onKill }: CrashOptions): Promise<CrashCounts> {
  const counts: CrashCounts = {
    kills: 0,
    logins: 0,
    cutLogins: 0,
    handOuts: 0,
    lost: 0,
    unrecorded: 0,
    broken: 0,
  }
  let left = kills
  const takeTurn = () => left-- > 0
  await Promise.all(Array.from({ length: lanes }, () => crashLane(takeTurn, counts, onKill)))
  return counts
}

async function crashLane(
  takeTurn: () => boolean,
  counts: CrashCounts,
  onKill: CrashOptions['onKill'],
): Promise<void> {
  await using desk = await openDesk()
  await desk.start()
  const all: Lane[] = []
  for (const account of accounts) {
    await desk.addAccount(account)
    const key = await desk.addKey(account)
    all.push({ account, key, generation: 0, accessToken: undefined, isLoginCut: false, answers: 0 })
  }
  let records = handOutRecords(desk)
  while (takeTurn()) {
    const load = startLoad(desk, all, counts)
    if (Math.random() < 0.5) {
      await wait(Math.random() * longestLifeMs)
    } else {
      await Promise.race([load.loggedIn, wait(patienceMs, undefined, { ref: false })])
      await wait(Math.random() * longestAfterLoginMs)
    }
    load.stop()
    await desk.kill()
    await load.ended
    counts.kills++
    await desk.start()
    const recordsNow = handOutRecords(desk)
    for (const lane of all) {
      const written = (recordsNow.get(lane.account) ?? 0) - (records.get(lane.account) ?? 0)
      counts.unrecorded += Math.max(0, lane.answers - written)
      lane.answers = 0
      if (!(await isStillThere(desk, lane))) counts.lost++
    }
    const check = (await desk.ask('GET', '/v1/audit/verify')) as AuditCheck
    if (!check.intact) counts.broken++
    // The questions of the check itself are recorded too.
    records = handOutRecords(desk)
    onKill?.(counts)
  }
}

/** Per account one program that asks again and again, and one person who logs in again and again. */
function startLoad(desk: BenchDesk, all: readonly Lane[], counts: CrashCounts) {
  let isOver = false
  const { promise: loggedIn, resolve: announceLogin } = Promise.withResolvers<void>()
  const again = async (work: () => Promise<void>) => {
    while (!isOver) await work()
  }
  const loops = all.flatMap((lane) => [
    again(async () => {
      if (await logInOnce(desk, lane, counts)) announceLogin()
    }),
    again(() => handOutOnce(desk, lane, counts)),
  ])
  return {
    stop: () => {
      isOver = true
    },
    loggedIn,
    ended: Promise.all(loops),
  }
}

async function logInOnce(desk: BenchDesk, lane: Lane, counts: CrashCounts): Promise<boolean> {
  const before = lane.generation
  lane.isLoginCut = true
  try {
    await desk.logIn(lane.account)
  } catch {
    counts.cutLogins++
    return false
  }
  counts.logins++
  lane.isLoginCut = false
  if (lane.generation === before) {
    lane.generation = before + 1
    lane.accessToken = undefined
  }
  return true
}

async function handOutOnce(desk: BenchDesk, lane: Lane, counts: CrashCounts): Promise<void> {
  const where = { host: '127.0.0.1', port: desk.port }
  const path = `/v1/accounts/${lane.account}/session`
  const handOut = await exchange(where, 'GET', path, { key: lane.key }).then(wholeHandOut, () => undefined)
  // A refusal (between two logins), or cut off: nobody has got anything.
  if (!handOut) return void (await wait(1))
  counts.handOuts++
  lane.answers++
  if (handOut.generation < lane.generation) return
  lane.generation = handOut.generation
  lane.accessToken = handOut.accessToken
}

function wholeHandOut({ status, text }: { status: number; text: string }): HandOut | undefined {
  try {
    return status === 200 ? (JSON.parse(text) as HandOut) : undefined
  } catch {
    return undefined
  }
}

/** After the restart: nothing older than what was seen; and live, unless a login that was cut off has replaced it at the broker. */
async function isStillThere(desk: BenchDesk, lane: Lane): Promise<boolean> {
  const { account, isLoginCut, generation, accessToken } = lane
  lane.isLoginCut = false
  const view = await withoutOpenLogins(desk, account)
  if (view.generation < generation) return false
  const isLive = (view.session?.expiresInMs ?? 0) > 0
  if (!isLive) return generation === 0 || isLoginCut
  // A session that such a login may have ended is asked about before it is handed out.
  const asked = desk.ask('GET', `/v1/accounts/${account}/session`).catch((error: unknown) => {
    if (isLoginCut && isBhorError(error, 'session_revoked')) return undefined
    throw error
  })
  const handOut = (await asked) as HandOut | undefined
  if (!handOut) return true
  lane.generation = handOut.generation
  lane.accessToken = handOut.accessToken
  return handOut.generation > generation || accessToken === undefined || handOut.accessToken === accessToken
}

/** Logins that were cut off stay open for ten minutes, and bhor lets only so many be open: a person would cancel them. */
async function withoutOpenLogins(desk: BenchDesk, account: string): Promise<AccountView> {
  for (;;) {
    const view = (await desk.ask('GET', `/v1/accounts/${account}`)) as AccountView
    if (!view.login) return view
    await desk.ask('DELETE', `/v1/accounts/${account}/login/${view.login.id}`)
  }
}

/** How many hand-outs to client keys the log tells of, by account. */
function handOutRecords({ home }: BenchDesk): Map<string, number> {
  using store = new DatabaseSync(join(home, 'bhor.db'), { readOnly: true })
  const sql = `select json_extract(entry_json, '$.account') as account,
      count(*) as n from audit
    where json_extract(entry_json, '$.action') = 'session.handout' and json_extract(entry_json, '$.result') = 'ok'
      and json_extract(entry_json, '$.actor.kind') = 'key' group by 1`
  return new Map(
    store
      .prepare(sql)
      .all()
      .map((row) => [String(row.account), Number(row.n)]),
  )
}
