const format = new Intl.NumberFormat('en-IN')

/** `1,20,000`, as India groups it. */
export function number(value: number): string {
  return format.format(value)
}
