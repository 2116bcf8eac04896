export { approving as broker } from '../approving.ts'
export { simulator } from '../approving-simulator.ts'
