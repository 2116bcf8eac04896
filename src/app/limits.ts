interface Limit {
  /** What holds now; a text where there is none. */
  readonly soft: number | string
}
/** What the system allows this process, by Node's names for it. Windows has none. */
export interface Limits {
  readonly core_file_size_blocks?: Limit
  readonly open_files?: Limit
}

export function limitsOfProcess(): Limits {
  // The report asks for the names of all addresses otherwise.
  Object.assign(process.report, { excludeNetwork: true })
  const { userLimits = {} } = process.report.getReport() as { userLimits?: Limits }
  return userLimits
}

/** How many files and connections may be open at once. */
export function openFilesLimit({ open_files: files }: Limits = limitsOfProcess()): number {
  const limit = Number(files?.soft)
  return Number.isNaN(limit) ? Number.POSITIVE_INFINITY : limit
}
