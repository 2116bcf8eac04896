import { BhorError } from '../core/errors.ts'

/** A broken uniqueness or reference, as the engines report them; the queries turn it into what their contract says. */
export class ConstraintFault extends Error {
  override readonly name = 'ConstraintFault'
  readonly kind: 'unique' | 'reference' | 'other'

  constructor(kind: ConstraintFault['kind'], cause: unknown) {
    super(`A ${kind} constraint of the store was broken.`, { cause })
    this.kind = kind
  }
}

/** Runs an insert; a row that is already there becomes the error that `taken` makes. */
export async function orTaken<T>(insert: Promise<T>, taken: () => BhorError): Promise<T> {
  try {
    return await insert
  } catch (error) {
    if (error instanceof ConstraintFault && error.kind === 'unique') throw taken()
    throw error
  }
}

/** What reaches the caller of the store: a constraint that no query expected is told as what it is. */
function outward(error: unknown): unknown {
  if (!(error instanceof ConstraintFault)) return error
  if (error.kind === 'reference') {
    return new BhorError('not_found', 'A row that this one needs is not there, or others still need it.', {
      cause: error,
    })
  }
  if (error.kind === 'unique')
    return new BhorError('already_exists', 'This row already exists.', { cause: error })
  return new BhorError('internal', 'The store refused a value that its schema does not allow.', {
    cause: error,
  })
}

/** Runs work on the store so that only errors of bhor's own leave it. */
export async function outwardly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw outward(error)
  }
}

/** A commit that failed may still have been made durable: only reading again tells. */
export function unknownOutcome(error: unknown): unknown {
  if (!(error instanceof BhorError)) return error
  return new BhorError(error.code, `${error.message} Whether the last change was stored is unknown.`, {
    hint: error.hint,
    cause: error.cause ?? error,
    facts: { ...error.facts, outcome: 'unknown' },
  })
}
