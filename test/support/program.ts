import { Program } from '../../src/client/program.ts'
import { ownLine } from '../../src/library/own-line.ts'
import type { Bed } from './bed.ts'

/** A program in the process of a domain, as `openBhor` makes it. */
export function programOver({ domain: { desk }, clock }: Pick<Bed, 'domain' | 'clock'>): Program {
  return new Program({ line: ownLine({ desk }), clock, waitingClock: clock })
}
