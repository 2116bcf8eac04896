/** The module that `[brokers.angel]` in config.toml names. */
export { angel as broker } from '../angel.ts'
export { simulator } from '../angel-simulator.ts'
