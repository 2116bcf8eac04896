/** One line of what a measurement prints. */
export interface Figure {
  readonly name: string
  readonly measured: string
  /** Missing for a figure that is only told. */
  readonly target?: string
  readonly isMet?: boolean
}

/** Prints the figures as a table; the process fails when a target is not met. */
export function printFigures(title: string, figures: readonly Figure[]): void {
  const rows = [
    ['FIGURE', 'MEASURED', 'TARGET', 'MET'],
    ...figures.map(({ name, measured, target, isMet }) => [
      name,
      measured,
      target ?? '-',
      isMet === undefined ? '-' : isMet ? 'yes' : 'NO',
    ]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  process.stdout.write(`\n${title}\n\n${lines.join('\n')}\n`)
  if (figures.some(({ isMet }) => isMet === false)) process.exitCode = 1
}

/** A figure with an upper or a lower bound. */
export function bounded(
  name: string,
  value: number,
  bound: { readonly atMost: number } | { readonly atLeast: number },
): Figure {
  const isMet = 'atMost' in bound ? value <= bound.atMost : value >= bound.atLeast
  const target = 'atMost' in bound ? `≤ ${bound.atMost}` : `≥ ${bound.atLeast}`
  return { name, measured: value.toFixed(2), target, isMet }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** What stands between the lines while a measurement runs; only on a terminal. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}
