type Environment = Readonly<Record<string, string | undefined>>

/** A variable that the user has named for a secret of his own. */
export function variableOf(name: string, env: Environment = process.env): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined
}

/** What a program gets that bhor runs: nothing of bhor's own. */
export function environmentForPrograms(env: Environment = process.env): Record<string, string> {
  const theirs = Object.entries(env).filter(
    ([name]) => !name.startsWith('BHOR_') && !name.startsWith('NODE_'),
  )
  return Object.fromEntries(theirs) as Record<string, string>
}
