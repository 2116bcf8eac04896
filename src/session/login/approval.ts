import type { ApprovalLogin } from '../../contracts/broker.ts'
import type { LoginKind } from './methods.ts'
import { runSteps } from './runner.ts'

/** The user approves on the phone, and a poll finds the session. */
export const approval: LoginKind<ApprovalLogin> = {
  async begin({ context, line, redirectUrl }, { request }) {
    const run = { steps: [request], site: 'prelude', from: '', vars: {}, redirectUrl } as const
    const reached = await runSteps(context, line, run)
    return { page: null, next: '', vars: 'vars' in reached ? reached.vars : {} }
  },
  async resume({ context, line, redirectUrl }, { poll }, _next, vars) {
    if (!poll) return { waitsAt: '', vars }
    const run = { steps: [poll], site: 'exchange', from: '', vars, redirectUrl } as const
    const reached = await runSteps(context, line, run)
    return 'grant' in reached ? reached : { waitsAt: '', vars: reached.vars }
  },
  asks: () => [],
}
