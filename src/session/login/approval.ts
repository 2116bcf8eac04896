import type { ApprovalLogin } from '../../contracts/broker.ts'
import { checkNotifier, expectPost } from './hook-paths.ts'
import type { LoginKind } from './methods.ts'
import { runSteps } from './runner.ts'

/** The user approves on the phone; the broker posts the session to the porch, or a poll finds it. */
export const approval: LoginKind<ApprovalLogin> = {
  async begin({ context, line, redirectUrl }, { request, poll }) {
    if (!poll) await expectPost(context, line)
    const run = { steps: [request], site: 'prelude', from: '', vars: {}, redirectUrl } as const
    const reached = await runSteps(context, line, run)
    const vars = 'vars' in reached ? reached.vars : {}
    if (!poll) await checkNotifier(context, line, vars.notifier_url)
    return { page: null, next: '', vars }
  },
  async resume({ context, line, redirectUrl }, { poll }, _next, vars) {
    if (!poll) return { waitsAt: '', vars }
    const run = { steps: [poll], site: 'exchange', from: '', vars, redirectUrl } as const
    const reached = await runSteps(context, line, run)
    return 'grant' in reached ? reached : { waitsAt: '', vars: reached.vars }
  },
  asks: () => [],
}
