/** Something is not as it must be, whatever happens around it. The first word names the invariant: `I1` … `I10`. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

export function holds(condition: unknown, text: () => string): asserts condition {
  if (!condition) throw new Violation(text())
}

/** However wrong the clock of a computer is: bhor hears from the store and the brokers what time it is, to within this. */
export const clockErrorMs = 6_000
