export { angel as broker } from '../angel.ts'
export { simulator } from '../angel-simulator.ts'
