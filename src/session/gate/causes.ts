import type { GateReason } from '../../contracts/api.ts'
import { type ErrorCode, wordsOf } from '../../core/errors.ts'
import { istMoment } from '../../core/ist.ts'

/** One thing that speaks against trading now, or that is good to know. */
export interface Finding {
  readonly reason: GateReason
  readonly sinceMs: number | null
  /** When it ends by itself; null where it does not. */
  readonly untilMs: number | null
  /** What this case has to say beyond what the table says of every such case; a part of a sentence or some. */
  readonly said?: string
}

interface Cause {
  readonly closes: boolean
  readonly text: (finding: Finding) => string
  /** What a person or a program does about it; nothing where there is nothing to do. */
  readonly next: (alias: string) => string | null
}

const since = ({ sinceMs }: Finding) => (sinceMs === null ? '' : ` since ${istMoment(sinceMs)}`)
const at = ({ sinceMs }: Finding) => (sinceMs === null ? '' : ` at ${istMoment(sinceMs)}`)
const until = ({ untilMs }: Finding) => (untilMs === null ? '' : ` ${istMoment(untilMs)}`)
const said = (finding: Finding) => finding.said ?? ''

const closes = (text: Cause['text'], next: Cause['next']): Cause => ({ closes: true, text, next })
const informs = (text: Cause['text']): Cause => ({ closes: false, text, next: () => null })

/** What bhor's own state says of every account: in the words of the error that a caller would get. */
const own = (code: ErrorCode) =>
  closes(
    (finding) => `${wordsOf(code).alert}${said(finding)}`,
    () => wordsOf(code).hint,
  )

const logIn = (alias: string) => `Log in: bhor login ${alias}.`
const ask = (alias: string) => `Ask the broker: bhor test ${alias}. bhor asks by itself, too.`

/** Every cause: whether it closes a gate, its words, and the next step. Its weight is its place in `gateReasons`. */
export const gateCauses: Readonly<Record<GateReason, Cause>> = {
  switch_damaged: closes(
    () => 'The row of the kill switch is damaged or missing: nobody knows whether trading was stopped.',
    () => 'A person sets it anew: bhor kill --undo, or bhor kill.',
  ),
  killed: closes(
    (finding) => `Trading is stopped for all accounts${finding.said ?? '.'}`,
    () => 'A person lifts it: bhor kill --undo, or the page.',
  ),
  sealed: closes(
    (finding) => `bhor is sealed${finding.said ?? '.'} No token, no login, no renewal.`,
    () => 'The user who runs bhor opens it: bhor unseal.',
  ),
  paused: closes(
    (finding) => `Paused${finding.said ?? '.'}`,
    (alias) => `A person lifts it: bhor resume ${alias}, or the page.`,
  ),
  store_damaged: own('store_damaged'),
  store_rolled_back: own('store_rolled_back'),
  store_unavailable: own('store_unavailable'),
  audit_unavailable: own('audit_unavailable'),
  clock_wrong: own('clock_wrong'),
  clock_doubtful: own('clock_doubtful'),
  stopping: own('stopping'),
  session_none: closes(() => 'There is no session yet.', logIn),
  session_expired: closes((finding) => `The session ended${at(finding)}, as it does every day.`, logIn),
  session_revoked: closes((finding) => `The broker ended the session${at(finding)}, before its hour.`, logIn),
  logged_out: closes((finding) => `Logged out${at(finding)}.`, logIn),
  unconfirmed: closes(
    (finding) =>
      `Somebody logged in from outside${at(finding)}, and nobody has confirmed yet that it is the right person.`,
    (alias) => `Say whether it is: bhor accounts confirm ${alias}, or the page.`,
  ),
  session_doubted: closes(
    (finding) =>
      `The session may have ended${at(finding)}: a login or renewal went wrong, another account logged in, or a program was refused.`,
    ask,
  ),
  unproven: closes(
    (finding) => `Nobody knows whether the session lives${since(finding)}.${said(finding)}`,
    ask,
  ),
  egress_different: closes(
    (finding) => `The account leaves by another address than is registered at the broker.${said(finding)}`,
    (alias) => `Register the address that bhor egress ${alias} shows, or change the way out.`,
  ),
  egress_unmeasured: closes(
    (finding) =>
      `An address is registered at the broker, and nobody knows by which one the account leaves.${said(finding)}`,
    (alias) => `Measure it: bhor egress ${alias}.`,
  ),
  market_closed: informs((finding) =>
    finding.untilMs === null
      ? 'Shares are not traded now.'
      : `Shares are traded again from${until(finding)} on.`,
  ),
  market_unconfirmed: informs(() => 'No list says whether today is a trading day.'),
  session_expiring: informs((finding) => `The session ends${until(finding)}.`),
}
