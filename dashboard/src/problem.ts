import type { Problem } from '../../src/contracts/api.ts'
import { words } from './words/words.ts'

/** What {@link call} throws: bhor's own words about what went wrong. */
export class ProblemError extends Error {
  readonly problem: Problem
  /** The same may succeed later without anybody doing anything at this page. */
  readonly isPassing: boolean
  constructor(problem: Problem, { isPassing = false } = {}) {
    super(problem.detail)
    this.problem = problem
    this.isPassing = isPassing
  }
}

export const unreachable: Problem = {
  type: 'about:blank',
  title: 'server_unreachable',
  status: 503,
  code: 'server_unreachable',
  ...words.problems.unreachable,
  requestId: '',
}

export function isPassing(error: unknown): boolean {
  return error instanceof ProblemError && error.isPassing
}

/** Anything thrown as a problem. What is not bhor's own is a fault of this page. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  return {
    ...unreachable,
    title: 'internal',
    status: 500,
    code: 'internal',
    ...words.problems.ofThisPage,
  }
}

/** An answer that is not problem+json: something else listens there, or stands between. */
export function foreignProblem(status: number): Problem {
  return {
    ...unreachable,
    title: 'broken_answer',
    status,
    code: 'internal',
    detail: words.problems.foreign.detail(status),
    hint: words.problems.foreign.hint,
  }
}

export function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false
  const { code, detail, hint } = value as Record<string, unknown>
  return typeof code === 'string' && typeof detail === 'string' && typeof hint === 'string'
}
