import { Command } from 'commander'
import type { AccountEgress, EgressChange } from '../../contracts/api.ts'
import { BhorError, type ErrorCode } from '../../core/errors.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { secretFrom } from '../secret-input.ts'
import { terminal } from '../terminal.ts'
import { egressRows } from '../texts.ts'

interface EgressOptions {
  direct?: boolean
  from?: string
  proxy?: string
  proxyLoginFile?: string
  registered?: string
  json?: boolean
}

export function egressCommand(): Command {
  return new Command('egress')
    .description('Set the way out of an account, and measure by which address the world sees it.')
    .argument('<account>', 'the account')
    .option('--direct', 'leave directly, by whatever address this computer takes')
    .option('--from <address>', 'leave by this source address, IPv4 or IPv6')
    .option('--proxy <url>', 'leave by a proxy: http://host:port (HTTP CONNECT) or socks5://host:port')
    .option('--proxy-login-file <file>', 'its login, user:password, in a file; - for stdin')
    .option('--registered <addresses>', 'what is registered at the broker, with commas; empty: nothing')
    .option('--json', 'print JSON')
    .action(async (account: string, options: EgressOptions) => {
      const egress = await changeOf(options)
      await using desk = await openDesk()
      const params = { account }
      if (Object.keys(egress).length > 0)
        await call(desk, 'PATCH /v1/accounts/{account}', { params, body: { settings: { egress } } })
      const facts = await call(desk, 'POST /v1/accounts/{account}/egress', { params })
      if (options.json) terminal.json(facts)
      else terminal.data(linesOf(facts))
      const fault = faultOf(facts)
      if (fault) throw fault
      if (!facts.measured) terminal.say('Not measured: no egress_echo is set. bhor doctor says how.')
    })
}

async function changeOf({
  direct,
  from,
  proxy,
  proxyLoginFile,
  registered,
}: EgressOptions): Promise<EgressChange> {
  const ways = [direct, from, proxy].filter((way) => way !== undefined)
  if (ways.length > 1)
    throw new BhorError('usage', 'An account has one way out.', {
      hint: 'Give one of --direct, --from and --proxy.',
    })
  // Before anything is asked: a login on a command line is in every process list by now.
  if (proxy?.includes('@'))
    throw new BhorError(
      'secret_in_arguments',
      'The proxy’s login is not taken on the command line: other users can see it.',
      {
        hint: 'Use --proxy-login-file with a file, “-” for stdin.',
      },
    )
  return {
    ...(direct ? { from: '', proxy: '' } : {}),
    ...(from === undefined ? {} : { from }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(proxyLoginFile === undefined
      ? {}
      : { proxyLogin: await secretFrom(proxyLoginFile, 'proxy’s login') }),
    ...(registered === undefined
      ? {}
      : { registered: registered.split(',').flatMap((text) => text.trim() || []) }),
  }
}

function linesOf(facts: AccountEgress): string {
  const rows = egressRows(facts).filter(([, value]) => value !== null)
  const way = facts.way === 'direct' ? [['leaves by', 'any address of this computer'] as const] : []
  return [...way, ...rows].map(([name, value]) => `${`${name}:`.padEnd(14)}${value}`).join('\n')
}

/** What the exit code says: a way that does not work, another address, one that nobody knows. */
function faultOf({ account, standing, measured }: AccountEgress): BhorError | undefined {
  if (measured?.code) return new BhorError(measured.code as ErrorCode)
  if (standing === 'different')
    return new BhorError('egress_different', `${account} leaves by another address than is registered.`)
  return standing === 'unmeasured' ? new BhorError('egress_unmeasured') : undefined
}
