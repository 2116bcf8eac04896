import { BhorError } from '../../core/errors.ts'
import type { ServicePlan } from './plan.ts'

/** The name of the job. */
export const label = 'bhor.serve'

/**
 * The property list of a launchd job; see launchd.plist(5).
 *
 * @throws BhorError `usage` for encrypted credentials, which launchd does not know
 */
export function launchdAgent(plan: ServicePlan, logFile: string): string {
  if (plan.isEncrypted)
    throw new BhorError('usage', 'launchd knows no encrypted credentials.', {
      hint: 'Name a plain file that only its user can read, or keep the key in the keychain: key_source = "keychain".',
    })
  const variables = {
    BHOR_HOME: plan.home,
    ...(plan.masterKeyFile === undefined ? {} : { BHOR_MASTER_KEY_FILE: plan.masterKeyFile }),
    ...(plan.passphraseFile === undefined ? {} : { BHOR_PASSPHRASE_FILE: plan.passphraseFile }),
  }
  const job = {
    Label: label,
    ProgramArguments: plan.command,
    EnvironmentVariables: variables,
    ...(plan.user === undefined ? {} : { UserName: plan.user }),
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 10,
    ExitTimeOut: 30,
    // 077, in decimal: a property list has no octal numbers.
    Umask: 0o077,
    // A core dump would hold every key.
    HardResourceLimits: { Core: 0 },
    StandardErrorPath: logFile,
    StandardOutPath: logFile,
  }
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
${elementOf(job, '')}
</plist>
`
}

type Value = string | number | boolean | readonly string[] | { readonly [key: string]: Value }

function elementOf(value: Value, indent: string): string {
  const deeper = `${indent}  `
  if (typeof value === 'boolean') return `${indent}<${value}/>`
  if (typeof value === 'number') return `${indent}<integer>${value}</integer>`
  if (typeof value === 'string') return `${indent}<string>${escaped(value)}</string>`
  if (Array.isArray(value))
    return `${indent}<array>\n${value.map((each) => elementOf(each, deeper)).join('\n')}\n${indent}</array>`
  const pairs = Object.entries(value).map(
    ([key, each]) => `${deeper}<key>${escaped(key)}</key>\n${elementOf(each, deeper)}`,
  )
  return `${indent}<dict>\n${pairs.join('\n')}\n${indent}</dict>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
