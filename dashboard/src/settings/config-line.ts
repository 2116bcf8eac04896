import type { ConfigOption } from '../../../src/contracts/api.ts'

/** How an option is written: into the file where it may stand there, else into the environment. */
export function configLine({ name, env, type, place }: ConfigOption, value: string): string {
  if (place === 'environment') return `${env}=${value}`
  return `${name} = ${type === 'text' || type === 'path' ? JSON.stringify(value) : value}`
}

/** What a field begins with: the value, where it may be shown. */
export function shownValue({ value }: ConfigOption): string {
  return value === '[secret]' ? '' : value
}

/** Whether an option is what somebody looks for, by its name, value or meaning. */
export function isFound({ name, env, value, help }: ConfigOption, text: string): boolean {
  const all = `${name} ${name.replaceAll('_', ' ')} ${env} ${value} ${help}`.toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((part) => all.includes(part))
}
