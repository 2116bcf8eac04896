import type { App } from '../app/open.ts'
import { terminal } from './terminal.ts'

/** Says what the master key protects, when this start has made its file. */
export function sayNewKey({ newKeyFile }: App): void {
  if (newKeyFile !== undefined) sayKeyFile(newKeyFile)
}

export function sayKeyFile(newKeyFile: string): void {
  terminal.say(
    `A master key was made: ${newKeyFile}\nWhoever has this file and the store beside it can read your broker sessions and API secrets. ` +
      'It protects copies of the store that travel without it: keep it out of backups of the store, and keep one copy of it somewhere safe.',
  )
}
