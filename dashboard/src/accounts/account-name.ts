const rule = /^[a-z0-9][a-z0-9_-]{0,39}$/

/** Why a text cannot be an account's name; null when it can. */
export function nameFault(name: string): string | null {
  if (rule.test(name)) return null
  if (name === '') return 'Give the account a short name, such as personal or papa.'
  if (/[A-Z]/.test(name)) return 'Use small letters only.'
  if (/\s/.test(name)) return 'No spaces; use "-" or "_".'
  if (/^[-_]/.test(name)) return 'Start with a letter or a digit.'
  if (name.length > 40) return 'At most 40 characters.'
  return 'Only a-z, 0-9, "-" and "_".'
}

/** `demo`, or the first of `demo-2`, `demo-3`, … that is free. */
export function freeName(base: string, taken: readonly string[]): string {
  if (!taken.includes(base)) return base
  let number = 2
  while (taken.includes(`${base}-${number}`)) number += 1
  return `${base}-${number}`
}
