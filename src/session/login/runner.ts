import type { CallSite, Grant, Prompt, Step, Values } from '../../contracts/broker.ts'
import { NetError } from '../../contracts/net.ts'
import { BhorError } from '../../core/errors.ts'
import { askedAt } from '../ground/asked-at.ts'
import type { Answered } from '../ground/broker-call.ts'
import { errorOfVerdict } from '../ground/broker-call.ts'
import type { SessionContext } from '../ground/context.ts'
import type { Line } from '../ground/line.ts'
import { storedAnswer } from './stored-answer.ts'

/** Where a run of steps has come to. */
export type Reached =
  | { readonly grant: Grant }
  /** It waits for a person: at the step of that name, with what the steps before brought. */
  | { readonly waitsAt: string; readonly vars: Values }
  /** Every step is done, and none of them granted a session. */
  | { readonly vars: Values }

export interface Run {
  readonly steps: readonly Step[]
  readonly site: CallSite
  /** Where to go on; at the first step when empty. */
  readonly from: string
  /** What the redirect, the human and the steps before brought. */
  readonly vars: Values
  /** That of the login page, not of the account as it may have been edited since. */
  readonly redirectUrl: string
}

/** Does one step after the other until a session is granted, or only a human can go on. @throws BhorError, NetError */
export async function runSteps(context: SessionContext, line: Line, run: Run): Promise<Reached> {
  const { steps, site, redirectUrl } = run
  let vars = run.vars
  for (let at = run.from === '' ? 0 : indexOf(steps, run.from); at < steps.length; ) {
    const step = steps[at]!
    const answered = withStored(context, line, step.asks ?? [], vars)
    if (!answered) return { waitsAt: step.name, vars }
    vars = answered
    const { app, account } = line.values
    const stepContext = { app, account, redirectUrl, vars, now: context.clock.now() }
    const asked = askedAt(context.clock)
    const reply = await sendStep(line, step.request(stepContext), site)
    // The answer told the broker's time as well.
    const result = step.read(reply, { ...stepContext, now: context.clock.now() })
    if ('grant' in result) return { grant: { grantedAt: asked(), ...result.grant } }
    vars = { ...vars, ...result.carry }
    at = result.next ? indexOf(steps, result.next) : at + 1
  }
  return { vars }
}

/** The values with what the user has stored for these questions; undefined while one is open. */
export function withStored(
  context: SessionContext,
  { values }: Line,
  asks: readonly Prompt[],
  vars: Values,
): Values | undefined {
  const answers: Record<string, string> = { ...vars }
  for (const prompt of asks) {
    if (Object.hasOwn(vars, prompt.name)) continue
    const stored = storedAnswer(prompt, values.account, context.clock.nowMs())
    if (stored === undefined) return undefined
    answers[prompt.name] = stored
  }
  return answers
}

async function sendStep(
  line: Line,
  request: ReturnType<Step['request']>,
  site: CallSite,
): Promise<Answered['reply']> {
  const send = () => line.call(request, site)
  // Once more where the broker provably never saw the code.
  const { reply, verdict } = await send().catch((error: unknown) => {
    if (error instanceof NetError && error.outcome === 'not_sent') return send()
    throw error
  })
  if (verdict.kind === 'ok') return reply
  const error = errorOfVerdict(line.broker, verdict, reply.status)
  // What the broker itself said is known; a gateway's word leaves open whether the broker has acted.
  const isKnown = verdict.kind !== 'transient' || verdict.brokerCode !== undefined || reply.status === 429
  if (isKnown || site !== 'exchange') throw error
  throw new BhorError('answer_lost', `${error.message} The one-time code may be spent.`, {
    cause: error,
    facts: error.facts,
  })
}

function indexOf(steps: readonly Step[], name: string): number {
  const at = steps.findIndex((step) => step.name === name)
  if (at >= 0) return at
  throw new BhorError('internal', `A login goes on at a step that its broker does not have (${name}).`)
}
