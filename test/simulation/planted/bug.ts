import type { Edit } from './plant.ts'

/** A bug that somebody could make, and who finds it. */
export interface PlantedBug {
  readonly name: string
  /** What bhor would do. */
  readonly what: string
  readonly edits: readonly Edit[]
  readonly caughtBy: 'simulation' | NamedTest
}

/** A test that fails on the bug. */
export interface NamedTest {
  /** From the root of the repository. */
  readonly file: string
  /** A part of its name that no other test of the file has. */
  readonly test: string
}

export const one = (file: string, find: string, replace: string): Edit => ({ file, find, replace })
