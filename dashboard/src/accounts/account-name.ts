import { words } from '../words/words.ts'

const said = words.accounts.nameFaults

const rule = /^[a-z0-9][a-z0-9_-]{0,39}$/

/** Why a text cannot be an account's name; null when it can. */
export function nameFault(name: string): string | null {
  if (rule.test(name)) return null
  if (name === '') return said.empty
  if (/[A-Z]/.test(name)) return said.capitals
  if (/\s/.test(name)) return said.spaces
  if (/^[-_]/.test(name)) return said.start
  if (name.length > 40) return said.long
  return said.other
}

/** `demo`, or the first of `demo-2`, `demo-3`, … that is free. */
export function freeName(base: string, taken: readonly string[]): string {
  if (!taken.includes(base)) return base
  let number = 2
  while (taken.includes(`${base}-${number}`)) number += 1
  return `${base}-${number}`
}
