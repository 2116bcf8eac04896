/**
 * `bhor/broker`: all that an adapter outside this repository is written with. The contract, the reading helpers that
 * bhor's own adapters use, and the error that a reader throws.
 *
 * @example
 * ```ts
 * import { defineBroker, verdictOf } from 'bhor/broker'
 *
 * export const broker = defineBroker({ id: 'demo-broker', … })
 * ```
 */
export type * from '../contracts/broker.ts'
export { defineBroker } from '../contracts/broker.ts'
export type { SimulatedBrokerModule } from '../contracts/sandbox.ts'
export { BhorError, type ErrorCode } from '../core/errors.ts'
export { instantFromIst } from '../core/ist.ts'
export {
  objectOf,
  profileOf,
  required,
  retryAfterMs,
  textOf,
  tokensOf,
  userIdOf,
  withHeaders,
} from './reading.ts'
export { amountOf, momentOf, oneOf, type Row, rowOf, rowsOf, segmentsOf, worthOf } from './rows.ts'
export { isLogin, isSuccessStatus, kindOfStatus, verdictOf } from './verdicts.ts'
