import { readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** Processor time that a process has used so far, in µs; NaN where the system does not say. */
export function processorUs(pid: number): number {
  const fields = statFields(pid)
  return fields ? ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6 : Number.NaN
}

function statFields(pid: number): string[] | undefined {
  try {
    // The second field is the program's name in brackets, which may hold spaces.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
  } catch {
    return undefined
  }
}
