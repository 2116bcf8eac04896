import { clientEnvironment } from '../config/home.ts'
import { programEnvironment } from '../config/program-environment.ts'
import type { HandOut } from '../contracts/api.ts'
import type { FeedEvent } from '../contracts/events.ts'
import { foregroundClock } from '../core/clock.ts'
import { BhorError, toBhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import { call } from './call.ts'
import { type Child, forwardSignals, prepareToStart, startChild } from './child.ts'
import { eventsOf, isPassing } from './events.ts'
import { Mask } from './mask.ts'
import { terminal } from './terminal.ts'
import type { ApiClient } from './wire.ts'

export interface ExecOptions {
  readonly restartOnLogin?: true
  /** `HUP` */
  readonly signalOnLogin?: string
  readonly mask?: true
  readonly minLife?: string
}

/** A desk that does not answer keeps nobody from ending. */
const goodbyeMs = 2_000

/**
 * Runs a program with the session of an account in its environment, and with a key of its own for as long as it runs.
 *
 * @returns the exit code of the program
 * @throws BhorError as a hand-out; `command_not_found`, `command_not_executable`
 */
export async function execute(
  client: ApiClient,
  account: string,
  options: ExecOptions,
  command: readonly string[],
): Promise<number> {
  const signalName = signalOf(options.signalOnLogin)
  const handOut = () =>
    call(client, 'GET /v1/accounts/{account}/session', {
      params: { account },
      query: options.minLife === undefined ? {} : { min_life: options.minLife },
    })
  const asked = call(client, 'POST /v1/accounts/{account}/runs', {
    params: { account },
    body: {
      name: nameOf(command),
      ...(options.minLife === undefined ? {} : { minLife: options.minLife }),
    },
  })
  // Loading what starts programs takes as long as the answer.
  prepareToStart()
  const { run, key, url, variables, ...started } = await asked
  let { session } = started
  const secrets = new Set([key])
  const desk = client.where === 'url' ? clientEnvironment().url! : url
  const start = (given: HandOut): Child => {
    for (const text of [given.accessToken, encodeURIComponent(given.accessToken)]) secrets.add(text)
    const env = programEnvironment({ session: given, names: variables, url: desk, key })
    const masks = options.mask ? { stdout: new Mask(secrets), stderr: new Mask(secrets) } : undefined
    return startChild(command, env, masks)
  }
  const over = new AbortController()
  let child: Child | undefined
  let replacing: Promise<void> | undefined
  const replace = async () => {
    const next = await handOut()
    if (next.generation <= session.generation || child!.hasEnded) return
    session = next
    if (signalName) return child!.signal(signalName)
    await child!.stop()
    child = start(next)
  }
  /** A newer session has begun than that of the program. */
  let isBehind = false
  /** Of what keeps that one back, the first word is enough. */
  let isTold = false
  const onNews = async (event: FeedEvent | undefined) => {
    isBehind ||= event !== undefined && isNewer(event, session)
    if (!isBehind || !(options.restartOnLogin || signalName)) return
    replacing = replace()
    try {
      await replacing
      isBehind = isTold = false
    } catch (error) {
      if (!isTold && !isPassing(error)) terminal.error(toBhorError(error))
      isTold ||= !isPassing(error)
    }
    replacing = undefined
  }
  try {
    // Before the program can end: what comes in between is for it.
    using _ = forwardSignals(() => child!)
    child = start(session)
    void follow(client, run, over.signal, onNews)
    for (;;) {
      const before: Child = child
      const code = await before.ended
      await replacing?.catch(() => {})
      if (child === before) return code
    }
  } finally {
    over.abort()
    await endRun(client, run)
  }
}

/** Holds the key of the run, and tells of what happens meanwhile. */
async function follow(
  client: ApiClient,
  run: string,
  signal: AbortSignal,
  onNews: (event: FeedEvent | undefined) => Promise<void>,
): Promise<void> {
  try {
    for await (const event of eventsOf(client, foregroundClock, signal, `/v1/events?run=${run}`))
      await onNews(event)
  } catch (error) {
    // The program has its session, and goes on.
    if (!signal.aborted) terminal.error(toBhorError(error))
  }
}

function isNewer({ event, data }: FeedEvent, { account, generation }: HandOut): boolean {
  if (event === 'session.started') return data.account === account && data.generation > generation
  return (
    event === 'reset' &&
    data.accounts.some((each) => each.account === account && each.generation > generation)
  )
}

async function endRun(client: ApiClient, run: string): Promise<void> {
  const patience = new AbortController()
  using _ = foregroundClock.after(goodbyeMs, () => patience.abort())
  // Nobody holds the key any more, so it ends by itself.
  await client.request('DELETE', `/v1/runs/${run}`, undefined, patience.signal).catch(() => {})
}

/** The program and what it runs, without what stands behind: that may be secret. */
function nameOf([program = '', first = '']: readonly string[]): string {
  const words = /^[^-=][^=]*\.[a-z]{1,4}$/i.test(first) ? [program, first] : [program]
  return printable(words.map((word) => word.split('/').at(-1)).join(' '), 60)
}

/** @throws BhorError `usage` */
function signalOf(text: string | undefined): NodeJS.Signals | undefined {
  if (text === undefined) return undefined
  const name = `SIG${text.toUpperCase().replace(/^SIG/, '')}`
  if (Object.hasOwn(process.getBuiltinModule('node:os').constants.signals, name))
    return name as NodeJS.Signals
  throw new BhorError('usage', 'That is no signal.', {
    hint: 'Write --signal-on-login HUP, or USR1, TERM, …',
  })
}
