import type { RedirectLogin } from '../../contracts/broker.ts'
import { addressOf } from '../ground/broker-call.ts'
import type { LoginKind } from './methods.ts'
import { runSteps } from './runner.ts'

/** The broker's own page, which sends the browser back with a one-time code; some want a call before it. */
export const redirect: LoginKind<RedirectLogin> = {
  async begin({ context, line, redirectUrl }, { prelude = [], loginUrl }, state) {
    const run = { steps: prelude, site: 'prelude', from: '', vars: {}, redirectUrl } as const
    const reached = await runSteps(context, line, run)
    const vars = 'vars' in reached ? reached.vars : {}
    const { app, account } = line.values
    const page = loginUrl({ app, account, redirectUrl, vars, now: context.clock.now(), state })
    return { page: addressOf(page, line.hosts), next: '', vars }
  },
  resume({ context, line, redirectUrl }, { steps }, next, vars) {
    return runSteps(context, line, { steps, site: 'exchange', from: next, vars, redirectUrl })
  },
  asks: ({ steps }, next) => (next === '' ? [] : (steps.find(({ name }) => name === next)?.asks ?? [])),
}
