import type { DirectLogin } from '../../contracts/broker.ts'
import type { LoginKind } from './methods.ts'
import { runSteps } from './runner.ts'

/** No browser: PIN and code of the authenticator, or a code that the first step makes the broker send. */
export const direct: LoginKind<DirectLogin> = {
  begin: async (_run, { steps }) => ({ page: null, next: steps[0]?.name ?? '', vars: {} }),
  resume({ context, line, redirectUrl }, { steps }, next, vars) {
    return runSteps(context, line, { steps, site: 'exchange', from: next, vars, redirectUrl })
  },
  asks: ({ steps }, next) => steps.find(({ name }) => name === next)?.asks ?? [],
}
