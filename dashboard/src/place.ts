import { computed, signal } from '@preact/signals'

export const pageNames = [
  'today',
  'accounts',
  'portfolio',
  'programs',
  'audit',
  'settings',
  'doctor',
] as const
export type PageName = (typeof pageNames)[number]

/** Where the page is: `#accounts/papa/gate` is the page `accounts` and the path `papa`, `gate`. */
export interface Place {
  readonly page: PageName
  readonly path: readonly string[]
}

export const place = signal<Place>(read())
export const page = computed(() => place.value.page)

/** The address of a place, for links. */
export function addressOf(name: PageName, ...path: readonly string[]): string {
  return `#${[name, ...path.map(encodeURIComponent)].join('/')}`
}

/** Goes there; the way back leads here again. */
export function goTo(name: PageName, ...path: readonly string[]): void {
  location.hash = addressOf(name, ...path)
}

/** The same, but the way back leads past what stood here: it is there no more. */
export function replaceWith(name: PageName, ...path: readonly string[]): void {
  history.replaceState(null, '', addressOf(name, ...path))
  readAddress()
}

export function followAddress(): void {
  addEventListener('hashchange', readAddress)
}

/** Where the address was changed without an event. */
export function readAddress(): void {
  place.value = read()
}

function read(): Place {
  const [named = '', ...path] = location.hash.slice(1).split('/')
  const known = pageNames.find((name) => name === named)
  return known === undefined ? { page: 'today', path: [] } : { page: known, path: path.map(decoded) }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
